import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { WINDOWS } from '../../scripts/machines/engines.js';
import { outputOn, THIS_MACHINE } from '../../scripts/machines/machine.js';
import { noise } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';
import { Folder } from '../cli/pixrnn.js';
import { needsPython, PYTHON } from '../needs.js';

// Node.js cannot send Ctrl-C to a process of Windows: a terminal does, here one of Linux around the console of Wine.
const TERMINAL = `
import json, os, pty, select, sys, time
command, action = json.loads(sys.argv[1]), sys.argv[2]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
seen, deadline = b'', time.time() + 60
while b'coding' not in seen and time.time() < deadline:
    if select.select([terminal], [], [], 0.2)[0]:
        seen += os.read(terminal, 65536)
if action == 'ctrl-c':
    os.write(terminal, b'\\x03')
    try:
        while time.time() < deadline:
            seen += os.read(terminal, 65536)
    except OSError:
        pass
else:
    os.close(terminal)
print(json.dumps({'status': os.waitpid(pid, 0)[1], 'seen': seen.decode(errors='replace')}))
`;

for (const action of ['ctrl-c', 'close the window'] as const) {
  test(`on Windows, ${action} leaves no file`, { skip: needsPython('pty'), timeout: 120_000 }, async (context) => {
    const machine = WINDOWS.machine();
    if (typeof machine === 'string') return context.skip(machine);
    const folder = new Folder(context);
    mkdirSync(folder.at('in'));
    for (const name of ['a', 'b', 'c'])
      writeFileSync(folder.at(`in/${name}.png`), pngOf(noise({ width: 400, height: 300 })));
    const script = machine.pathOf(join(import.meta.dirname, '../../../bin/pixrnn.js'));
    const command = [...machine.command, script, 'compress', '-r', 'in', '--out-dir', 'out', '--jobs', '1', '-e4'];
    const printed = await outputOn(
      { ...THIS_MACHINE, command: [PYTHON] },
      ['-c', TERMINAL, JSON.stringify(command), action],
      { cwd: folder.path, env: { ...machine.env, TERM: 'xterm' } },
    );
    const { status, seen } = JSON.parse(printed) as { status: number; seen: string };
    if (action === 'ctrl-c') {
      assert.equal(status >> 8, 130, seen);
      assert.match(seen, /pixrnn: interrupted: 0 of 3 files are done/);
    }
    assert.deepEqual(folder.list(), ['in']);
    assert.deepEqual(Object.keys(folder.contents('in')), ['a.png', 'b.png', 'c.png']);
  });
}
