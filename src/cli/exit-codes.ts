/** What a command says by the code it exits with; the table of docs/cli.md. */
export const exitCodes = {
  ok: 0,
  /** What was asked for was done and the answer is bad: a job that died, a check that found something, a defect here. */
  failed: 1,
  /** The command line or what it names does not fit. */
  usage: 2,
  notFound: 3,
  /** Not in this state, not with this key, or not now. */
  refused: 4,
  /** No answer from the API or a server. */
  unreachable: 5,
  /** Ctrl-C while it waited. */
  interrupted: 130,
} as const;
