import { test } from 'node:test';
import { MUSL } from '../../scripts/machines/engines.js';
import { allFolders, runSuite } from './suite.js';

test('npm test passes with musl', (context) => runSuite(context, MUSL, allFolders()));
