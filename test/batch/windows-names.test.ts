import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWindowsDevice, windowsNameFault } from '#pixrnn/batch/windows-names.js';

test('names that Windows reserves, cannot store, or changes have a fault', () => {
  for (const [path, fault] of [
    ['con.prnn', /reserves the name CON/],
    ['out/aux.png', /reserves the name AUX/],
    ['C:/photos/Com1.tar.gz', /reserves the name COM1/],
    ['lpt³', /reserves the name LPT³/],
    ['nul /a.png', /reserves the name NUL/],
    ['a?.png', /allows no \? in names/],
    ['ab:c.png', /allows no : in names/],
    ['C:/a<b', /allows no < in names/],
    ['line\nbreak.png', /allows no control characters in names/],
    ['a.png.', /drops dots and spaces at the end/],
    ['folder /a.png', /drops dots and spaces at the end/],
  ] as const) {
    assert.match(windowsNameFault(path) ?? '', fault, path);
  }
});

test('other names have none', () => {
  for (const path of [
    'a.png',
    '../in/./a.png',
    'C:/photos/console.png',
    '//server/share/a.png',
    '//?/C:/a.png',
    'com10.png',
    'Größe 写真.png',
    '.hidden',
  ]) {
    assert.equal(windowsNameFault(path), null, path);
  }
});

test('a device has no extension', () => {
  for (const path of ['nul', 'CON', 'in\\aux', 'C:/in/Com1', 'nul:']) assert.equal(isWindowsDevice(path), true, path);
  for (const path of ['nul.png', 'in/a', 'null', 'aux/a']) assert.equal(isWindowsDevice(path), false, path);
});
