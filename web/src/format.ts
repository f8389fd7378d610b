/* Numbers as people read them. */

const UNITS = ['B', 'kB', 'MB', 'GB'] as const;

/** "987 B", "12.3 kB", "4.56 MB" */
export function bytesText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** "3 s", "2 min 10 s", "1 h 5 min" */
export function secondsText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 10) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  const all = Math.round(whole / 60);
  return all < 60 ? `${all} min` : `${Math.floor(all / 60)} h ${all % 60} min`;
}

/** "-42 %", "+3 %" */
export function changeText(part: number, whole: number): string {
  const percent = 100 * (part / whole - 1);
  const text = Math.abs(percent) < 9.95 ? percent.toFixed(1) : percent.toFixed(0);
  return `${percent > 0 ? '+' : ''}${text.replace('-', '−')} %`;
}

/** "3,024 x 4,032" */
export function sizeText({ width, height }: { readonly width: number; readonly height: number }): string {
  return `${width.toLocaleString('en')} × ${height.toLocaleString('en')}`;
}
