import { randomBytes } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, eq, lt } from 'drizzle-orm'
import { Secret, TOTP } from 'otpauth'
import type { Queryable } from '../../../platform/db/index.ts'
import { digestOf, type SecretBox } from '../../../platform/secrets/index.ts'
import { account, recoveryCode, sealedTotps } from './tables.ts'

/** RFC 6238 as authenticator apps expect it: SHA-1, six digits, 30 s; 160 random bits (RFC 4226 section 4). */
const form = { issuer: 'Ringmain', algorithm: 'SHA1', digits: 6, period: 30 } as const
const secretBytes = 20

/** A phone's clock may be one step apart. */
const window = 1

/** Codes for a lost phone. */
const recoveryCodes = 10

/** A new secret, in base32. */
export function newTotpSecret(): string {
  return new Secret({ size: secretBytes }).base32
}

/** The address that the QR code of a secret holds. */
export function totpUri(secret: string, username: string): string {
  return new TOTP({ ...form, label: username, secret: Secret.fromBase32(secret) }).toString()
}

/** The time step that a code belongs to, if it is right at an instant and later than the last one used; otherwise `null`. */
export function stepOf(secret: string, code: string, at: Instant, lastStep: number): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const totp = new TOTP({ ...form, secret: Secret.fromBase32(secret) })
  const delta = totp.validate({ token: code, timestamp: at.toEpochMilli(), window })
  if (delta === null) return null
  const step = Math.floor(at.epochSecond() / form.period) + delta
  return step > lastStep ? step : null
}

type AccountRow = typeof account.$inferSelect

/** Whether a code of the app, or a recovery code, is right. Either works once, also when it is sent twice at the same time. */
export async function spendCode(
  db: Queryable,
  secrets: SecretBox,
  at: Instant,
  row: AccountRow,
  code: string,
): Promise<boolean> {
  if (!row.sealedTotp) return false
  const step = stepOf(
    secrets.open(row.sealedTotp, sealedTotps.use(row.accountId)),
    code.replaceAll(' ', ''),
    at,
    row.lastTotpStep,
  )
  return step === null ? spendRecoveryCode(db, row.accountId, code) : spendStep(db, row.accountId, step)
}

async function spendStep(db: Queryable, accountId: string, step: number): Promise<boolean> {
  const unused = and(eq(account.accountId, accountId), lt(account.lastTotpStep, step))
  return (await db.update(account).set({ lastTotpStep: step }).where(unused).returning()).length > 0
}

async function spendRecoveryCode(db: Queryable, accountId: string, code: string): Promise<boolean> {
  const given = and(eq(recoveryCode.codeDigest, digestOf(plain(code))), eq(recoveryCode.accountId, accountId))
  return (await db.delete(recoveryCode).where(given).returning()).length > 0
}

/** Puts new recovery codes in the place of the old ones; they are shown once. */
export async function renewRecoveryCodes(db: Queryable, accountId: string): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodes }, newRecoveryCode)
  await db.delete(recoveryCode).where(eq(recoveryCode.accountId, accountId))
  await db.insert(recoveryCode).values(codes.map((code) => ({ codeDigest: digestOf(plain(code)), accountId })))
  return codes
}

export async function countRecoveryCodes(db: Queryable, accountId: string): Promise<number> {
  return (await db.select().from(recoveryCode).where(eq(recoveryCode.accountId, accountId))).length
}

/** Removes the second factor with its recovery codes. */
export async function removeTotp(db: Queryable, accountId: string): Promise<AccountRow> {
  await db.delete(recoveryCode).where(eq(recoveryCode.accountId, accountId))
  const set = { sealedTotp: null, sealedTotpPending: null, secondFactorSince: null }
  const [row] = await db.update(account).set(set).where(eq(account.accountId, accountId)).returning()
  if (!row) throw new Error(`account ${accountId} is gone`)
  return row
}

/** Letters and digits that cannot be mistaken for each other. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** 140 random bits as seven groups of four characters (ASVS 5.0 11.5.1 asks for 128). */
function newRecoveryCode(): string {
  const letters = [...randomBytes(28)].map((byte) => alphabet[byte % alphabet.length]).join('')
  return letters.replace(/(.{4})(?=.)/g, '$1-')
}

/** A code as its digest is made: however it was typed. */
function plain(code: string): string {
  return code.toUpperCase().replaceAll(/[^0-9A-Z]/g, '')
}
