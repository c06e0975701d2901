// Some hosts pass the text of a result on and drop the rest. The text is ours: it is read
// back into what the rest would have been.
const unescaped = (s) => s.replace(/\\([\\[\]<>`])/g, '$1');
const amountIn = (s) => Number(/-?[\d,]*\.?\d+/.exec(s)?.[0].replaceAll(',', ''));
const isRow = (line) => line.startsWith('| ') || line.startsWith('|-');
const cellsOf = (line) => line.slice(1, -1).split('|').map((s) => unescaped(s.trim()));

// namesIn takes a list of names apart; a name with a separator in it is in quotes.
const namesIn = (text) => [...text.matchAll(/“([^”]*)”|([^,\s][^,]*)/g)].map((m) => m[1] ?? m[2]);
