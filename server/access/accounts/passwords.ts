import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)

/** OWASP's current advice for scrypt: N = 2^15, r = 8, p = 3, about 50 ms and 32 MiB. */
const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 }

/** A salted scrypt hash, `salt.key` in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password.normalize('NFKC'), salt, 32, cost)
  return `${salt.toString('base64url')}.${key.toString('base64url')}`
}

/** Whether a password matches a hash; a wrong one takes the same time. */
export async function passwordMatches(password: string, hash: string): Promise<boolean> {
  const [salt, expected] = hash.split('.').map((part) => Buffer.from(part, 'base64url'))
  if (!salt || !expected) return false
  const key = await derive(password.normalize('NFKC'), salt, expected.length, cost)
  return timingSafeEqual(key, expected)
}

let decoy: Promise<string> | undefined

/** A hash that no password matches, used for unknown user names, so that timing does not reveal which names exist. */
export function decoyHash(): Promise<string> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'))
  return decoy
}
