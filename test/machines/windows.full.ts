import { test } from 'node:test';
import { WINDOWS } from '../../scripts/machines/engines.js';
import { runSuite } from './suite.js';

// What depends on the system. The golden streams are in engines.full.ts.
const FOLDERS = ['batch', 'cli', 'datasets', 'farm', 'host', 'image', 'library', 'node', 'recipe', 'report', 'train'];

test('the tests of the command line, the library and images pass on Windows', (context) =>
  runSuite(context, WINDOWS, FOLDERS));
