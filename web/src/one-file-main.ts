import { byId, fill } from './dom.js';
import { listenForFiles } from './pick.js';
import { startTheme } from './theme.js';
import { Workspace } from './workspace.js';

/* The page in one file: the workspace alone. */

const workspace = new Workspace(Promise.resolve());
const main = byId('main');
main.dataset['page'] = 'compress';
fill(main, workspace.element);
listenForFiles((files) => workspace.add(files));
startTheme();
