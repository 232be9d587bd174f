import { z } from 'zod'
import { label } from '../registers/fields.ts'

/** Names of files that belong to a feed: letters, digits and `._-`, with `*` for any of them. */
const pattern = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w.*-]+$/, 'must be a file name, in which * stands for any characters')

/** A folder relative to a root; it cannot lead out of it. */
const folder = z
  .string()
  .max(500)
  .refine((path) => !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..'), {
    message: 'must be a folder below the feeds’ own, without ..',
  })

const host = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[\w.:-]+$/, 'must be a host name or an address')
const port = z.number().int().min(1).max(65_535)

/** An address of a supplier's API: https, but for this machine. */
const apiAddress = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .refine(
    (url) => url.startsWith('https:') || isLoopback(url),
    'must be https beyond this machine: credentials go there',
  )

function isLoopback(url: string): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname)
}

const name = z.string().min(1).max(100)

/** How a supplier's API is proved to; the secret is the feed's. */
const httpAuthentication = z.discriminatedUnion('by', [
  z.object({ by: z.literal('none') }),
  /** The secret is sent in a header of this name. */
  z.object({ by: z.literal('api-key'), header: z.string().regex(/^[\w-]{1,100}$/) }),
  /** OAuth 2.0 client credentials; the secret is the client's. */
  z.object({ by: z.literal('oauth'), tokenEndpoint: apiAddress, clientId: label, scope: z.string().max(500) }),
])

/** How a long answer goes on. */
const httpPaging = z.discriminatedUnion('by', [
  z.object({ by: z.literal('none') }),
  /** A member of the answer has the address of the next page, on the same host. */
  z.object({ by: z.literal('link'), member: name }),
  /** A member of the answer has a cursor, which the next request sends as a parameter. */
  z.object({ by: z.literal('cursor'), member: name, parameter: name }),
  /** Pages have numbers from 1, and end with an empty one. */
  z.object({ by: z.literal('page'), parameter: name }),
])

/** How a feed reaches us. Its secret (a password, key or client secret) is stated beside it, and never shown. */
export const feedTransport = z.discriminatedUnion('type', [
  /** Its supplier calls our API. */
  z.object({ type: z.literal('push') }),
  /** Files appear in a folder below the FSP's folder for feeds. */
  z.object({ type: z.literal('folder'), path: folder, pattern: pattern.default('*') }),
  /** Files lie on a server. The secret is the password, or a private key in PEM or OpenSSH form. */
  z.object({
    type: z.literal('sftp'),
    host,
    port: port.default(22),
    username: label,
    /** The server's key, as `ssh-keygen -l` writes it; another one ends the connection before anything is sent. */
    hostKeySha256: z
      .string()
      .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'must be a fingerprint such as SHA256:…, 43 characters'),
    folder: z.string().max(500).default('.'),
    pattern: pattern.default('*'),
  }),
  /** We ask an API for records. */
  z.object({
    type: z.literal('http'),
    url: apiAddress,
    authentication: httpAuthentication.default({ by: 'none' }),
    paging: httpPaging.default({ by: 'none' }),
    /** The member of the answer that has the list of records; absent: the answer is the list. */
    recordsIn: name.optional(),
    /** A parameter for the time from which records are wanted: when the last run that succeeded began. */
    sinceParameter: name.optional(),
  }),
  /** Messages of an AMQP 1.0 queue. The secret is the password. */
  z
    .object({
      type: z.literal('amqp'),
      host,
      port: port.default(5671),
      /** Without TLS on this machine only. */
      isTls: z.boolean().default(true),
      username: label.optional(),
      address: z.string().min(1).max(500),
    })
    .refine(({ isTls, host }) => isTls || ['127.0.0.1', '::1', 'localhost'].includes(host), {
      path: ['isTls'],
      message: 'must be on beyond this machine: a password goes there',
    }),
])
export type FeedTransport = z.infer<typeof feedTransport>
export type TransportOf<T extends FeedTransport['type']> = Extract<FeedTransport, { type: T }>
