// The host's half of an MCP App, bundled for the browser: what comes from the
// page is kept in window.seen.
import { AppBridge, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge';

window.seen = { initialized: 0, sizes: [], links: [], calls: [] };

window.host = async ({ html, sandbox, context, capabilities, refuse, width }) => {
  const frame = document.createElement('iframe');
  frame.style.cssText = `border: 0; width: ${width}px; height: 60px`;
  document.body.replaceChildren(frame);
  const bridge = new AppBridge(null, { name: 'host', version: '1' }, capabilities, { hostContext: context });
  const initialized = new Promise((done) => {
    bridge.oninitialized = () => {
      window.seen.initialized++;
      done();
    };
  });
  bridge.onsizechange = (size) => {
    window.seen.sizes.push(size);
    frame.style.height = `${size.height}px`;
  };
  bridge.onopenlink = async ({ url }) => {
    window.seen.links.push(url);
    return refuse ? { isError: true } : {};
  };
  bridge.oncalltool = async (params) => {
    window.seen.calls.push(params);
    return { content: [] };
  };
  bridge.onsandboxready = () => bridge.sendSandboxResourceReady({ html });
  frame.src = sandbox; // its script is loaded later than the line below runs
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  window.bridge = bridge;
  window.frame = frame;
  await initialized;
};
