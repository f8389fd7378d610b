import { aboutPage } from './about-page.js';
import { byId, fill } from './dom.js';
import { modelsPage } from './models-page.js';
import { startOffline, whenKept } from './offline.js';
import { listenForFiles } from './pick.js';
import { startTheme } from './theme.js';
import { Workspace } from './workspace.js';

const workspace = new Workspace(whenKept());
let models: HTMLElement | null = null;

const PAGES: Readonly<Record<string, () => HTMLElement>> = {
  '#/': () => workspace.element,
  '#/models': () => (models ??= modelsPage()),
  '#/about': aboutPage,
};

function show(): void {
  const hash = location.hash in PAGES ? location.hash : '#/';
  const main = byId('main');
  fill(main, PAGES[hash]!());
  main.dataset['page'] = hash.slice(2) || 'compress';
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === hash) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

addEventListener('hashchange', show);
listenForFiles((files) => {
  location.hash = '#/';
  workspace.add(files);
});
startTheme();
show();
startOffline(() => workspace.isBusy);
