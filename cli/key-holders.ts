/** Whose secrets are sealed, and so whose key file and database a command is about. */
export const keyHolders = ['server', 'fsp', 'homes'] as const
export type KeyHolder = (typeof keyHolders)[number]

/** Tells whoever runs a command on keys what is to be said of a key file. */
export function warnOfKeyFile(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}
