import { z } from 'zod'

/** The channels on which notices are sent. */
export const noticeChannel = z.enum(['email', 'webhook'])
export type NoticeChannel = z.infer<typeof noticeChannel>

/** Whether an address is one of its channel: an e-mail address, or a URL of an admitted scheme. */
export function isAddressOf(channel: NoticeChannel, address: string, schemes: readonly string[]): boolean {
  if (channel === 'email') return /^[^@\s]+@[^@\s]+$/.test(address)
  return schemes.some((scheme) => address.startsWith(`${scheme}://`))
}

/** A notice is owed until its recipient has accepted it, then sent; after the last attempt that failed it is dead. */
export const noticeState = z.enum(['owed', 'sent', 'dead'])
export type NoticeState = z.infer<typeof noticeState>

/** The key that signs the requests to a webhook: HMAC-SHA256 of the body, in `x-ringmain-signature`. */
export const signingKey = z.string().min(16).max(200)
