import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { createGate } from './hash-gate.ts'

/**
 * Two hashes at once, since Node has four threads for such work and files and host names need the others; sixty more wait, for 2 s at most
 * on a slow core. With a longer queue people would give up and try again, which makes it longer still.
 */
const gate = createGate(2, 60)

const scryptKey = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)

/** OWASP's current advice for scrypt: N = 2^15, r = 8, p = 3, about 50 ms and 32 MiB. */
const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 }

function derive(password: string, salt: Buffer, bytes: number): Promise<Buffer> {
  return gate.pass(() => scryptKey(password.normalize('NFKC'), salt, bytes, cost))
}

/** A salted scrypt hash, `salt.key` in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, 32)
  return `${salt.toString('base64url')}.${key.toString('base64url')}`
}

/** Whether a password matches a hash; a wrong one takes the same time. */
export async function passwordMatches(password: string, hash: string): Promise<boolean> {
  const [salt, expected] = hash.split('.').map((part) => Buffer.from(part, 'base64url'))
  if (!salt || !expected) return false
  const key = await derive(password, salt, expected.length)
  return timingSafeEqual(key, expected)
}

let decoy: Promise<string> | undefined

/** A hash that no password matches, used for unknown user names, so that timing does not reveal which names exist. */
export function decoyHash(): Promise<string> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'))
  return decoy
}
