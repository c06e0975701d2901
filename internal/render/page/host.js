// The host's half of MCP Apps, or a file with the data inside. A page gives read(result),
// which is what it shows or nothing, and show(what). Nothing is asked of anybody.
const root = document.documentElement;
const dataText = $('#data').textContent;
const isEmbedded = !dataText && parent !== window;
let isLinking = !!dataText, shown;

const answers = [];
const post = (message) => parent.postMessage({ jsonrpc: '2.0', ...message }, '*');
const request = (method, params) => new Promise((done, failed) => post({ id: answers.push({ done, failed }), method, params }));
const notify = (name, params) => post({ method: 'ui/notifications/' + name, params });
const showStatus = (text) => $('#status').replaceChildren(text);

function openByHost(e, url) {
  e.preventDefault();
  const refused = () => showStatus(say('notOpened', url));
  request('ui/open-link', { url }).then((r) => r?.isError && refused(), refused);
}

function setLanguage(locale) {
  language = /^zh/i.test(locale || navigator.language) ? 'zh' : 'en';
  root.lang = isChinese() ? 'zh-CN' : 'en';
  if (shown) render();
}
function render() {
  $('#all').hidden = false;
  for (const e of document.querySelectorAll('[data-say]')) e.textContent = say(e.dataset.say);
  show(shown);
}

function receive(name, p) {
  const found = name === 'tool-result' && read(p, shown);
  if (found) {
    shown = found;
    showStatus('');
    render();
  } else if (name === 'host-context-changed') {
    if (p.theme) root.style.colorScheme = p.theme;
    for (const [k, v] of Object.entries(p.styles?.variables ?? {})) root.style.setProperty(k, v);
    if (p.displayMode) root.classList.toggle('inline', p.displayMode !== 'fullscreen');
    if (p.locale) setLanguage(p.locale);
  } else if (!shown) {
    if (name === 'tool-result' && p.isError) showStatus(p.content?.map((b) => b.text ?? '').join('\n') ?? '');
    if (name.startsWith('tool-input')) showStatus(say('waiting'));
    if (name === 'tool-cancelled') showStatus(say('cancelled'));
  }
}

// measure reports the height; the style keeps it below 500 px inline, and the page scrolls.
let size;
function measure() {
  const now = { width: innerWidth, height: Math.ceil(root.getBoundingClientRect().height) };
  if (size !== (size = now.width + 'x' + now.height)) notify('size-changed', now);
}

function start() {
  $('#plain').remove();
  if (dataText) {
    const data = JSON.parse(dataText);
    shown = data.shown;
    setLanguage(data.lang);
  } else if (isEmbedded) {
    root.classList.add('inline');
    addEventListener('message', ({ source, data: m }) => {
      if (source !== parent || m?.jsonrpc !== '2.0') return;
      const { id, method, params, result, error } = m;
      if (!method) answers[id - 1]?.[error ? 'failed' : 'done'](error ?? result);
      else if (id === undefined) receive(method.replace('ui/notifications/', ''), params ?? {});
      else if (method === 'ping' || method === 'ui/resource-teardown') post({ id, result: {} });
      else post({ id, error: { code: -32601, message: 'Method not found' } });
    });
    setLanguage();
    const introduction = { protocolVersion: '2026-01-26', appInfo: { name: 'pgy-mcp', version: '1' }, appCapabilities: {} };
    request('ui/initialize', introduction).then((r) => {
      isLinking = !!r.hostCapabilities?.openLinks;
      receive('host-context-changed', r.hostContext ?? {});
      notify('initialized', {});
      new ResizeObserver(measure).observe(root);
    });
  }
}
