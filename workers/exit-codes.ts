/** What processes of ours say by the code they exit with. */

/** Start me again (EX_TEMPFAIL): `npm start` does, and so do service managers. */
export const recycleExitCode = 75;
