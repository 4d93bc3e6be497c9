/** What the scripts of the demo share: numbers from the command line, and lines that say when. */

const began = performance.now();

/** One line with the seconds since the start. */
export function say(line: string): void {
  console.log(`${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
}

/** Ends the process with a sentence when the option is no whole number of at least `least`, 0 by default. */
export function wholeNumber(option: string, text: string, { least = 0 } = {}): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least) return number;
  console.error(`${option} takes a whole number from ${least}, not "${text}".`);
  process.exit(2);
}
