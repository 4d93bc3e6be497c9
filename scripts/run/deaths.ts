/** How often something may end and be started again before that is no accident any more. */
const deathsPerMinute = 5;

/** Notes a death with each call; true when there were too many of them within a minute. */
export function deathCount(): () => boolean {
  let deaths: number[] = [];
  return () => {
    const now = Date.now();
    deaths = [...deaths.filter((at) => now - at < 60_000), now];
    return deaths.length > deathsPerMinute;
  };
}
