import { z } from 'zod'

/** Characters of a new password, at least and at most: OWASP ASVS 5.0, 6.2.1 asks for 8, 6.2.9 for at least 64 to be allowed. */
const [fewest, most] = [12, 128]

/**
 * UTF-16 units of any text that is compared with a password. Passwords are compared in NFKC form, which can be shorter than what was
 * typed; no password that this system ever took is longer than this.
 */
export const longestPasswordText = 512

/** A new password, of any characters (ASVS 6.2.5); its length counts code points in NFKC form, as it is hashed. */
export const passwordText = z
  .string()
  .min(1)
  .max(longestPasswordText)
  .refine((text) => lengthOf(text) >= fewest && lengthOf(text) <= most, {
    message: `must have ${fewest} to ${most} characters`,
  })

function lengthOf(text: string): number {
  return [...text.normalize('NFKC')].length
}
