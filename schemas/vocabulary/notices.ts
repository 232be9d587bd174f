import { z } from 'zod'

/** The channels on which notices are sent. */
export const noticeChannel = z.enum(['email', 'webhook'])
export type NoticeChannel = z.infer<typeof noticeChannel>

/** A notice is owed until its recipient has accepted it, then sent; after the last attempt that failed it is dead. */
export const noticeState = z.enum(['owed', 'sent', 'dead'])
export type NoticeState = z.infer<typeof noticeState>

/** The key that signs the requests to a webhook: HMAC-SHA256 of the body, in `x-ringmain-signature`. */
export const signingKey = z.string().min(16).max(200)

/** What a webhook gets: the notice with all its members, signed; or `{ text }`, as the channels of chat programs take it. */
export const noticeShape = z.enum(['ringmain', 'chat'])
export type NoticeShape = z.infer<typeof noticeShape>
