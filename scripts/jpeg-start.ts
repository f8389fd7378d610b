/** The source files of the start weights of the coder of JPEG coefficients, from what `JpegCoder.trainStart` returns. */
import type { Effort } from '#pixrnn/effort.js';

const MAX_LINE = 118;

/** Returns the text of assembly/jpeg/start-weights.ts. */
export function startWeightsSource(weights: ReadonlyMap<Effort, Int16Array>): string {
  const arrays = [...weights].map(([effort, values]) => arraySource(`WEIGHTS_${effort}`, values));
  return `/**
 * Start weights of the mixing, trained on photographs of many cameras and encoders. For each effort: for each family
 * the weights of the vectors of each of the four sets, in steps of 2^-12. Part of the format.
 */

${arrays.join('')}`;
}

/** Returns the text of assembly/jpeg/start-network.ts. */
export function startNetworkSource(networks: Int16Array): string {
  return `/**
 * Start weights of the two networks (network.ts), trained as those of the mixing: for each network the first layer,
 * [inputs][hidden], the second one, [hidden][outputs], biases of the hidden units, [places][hidden], and those of the
 * outputs, in steps of 2^-12. Part of the format.
 */

${arraySource('START_NETWORKS', networks)}`;
}

function arraySource(name: string, values: Int16Array): string {
  const lines: string[] = [];
  let line = ' ';
  for (const value of values) {
    if (line.length + `${value},`.length + 1 > MAX_LINE) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${value},`;
  }
  return `// prettier-ignore\nexport const ${name}: usize = memory.data<i16>([\n${[...lines, line].join('\n')}\n], 16);\n`;
}
