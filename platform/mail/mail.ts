import { createTransport } from 'nodemailer'

/** A mail in plain text. */
export interface Mail {
  to: string
  subject: string
  text: string
  /** Lets the recipient recognise a mail that is sent twice: its Message-ID is derived from this. */
  key: string
  attachments?: { filename: string; content: string; contentType: string }[]
}

/** Sends a mail; rejects if the mail server does not accept it. */
export type Mailer = (mail: Mail) => Promise<void>

/** Longest wait for a mail server's answer. */
const timeoutMs = 15_000

/** A mailer over SMTP. @param url such as `smtps://user:password@mail.example:465`. */
export function createMailer(url: string, from: string): Mailer {
  const transport = createTransport(
    { url, connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
    { from },
  )
  const domain = from.split('@').at(-1)?.replace(/>$/, '') ?? 'localhost'
  return async ({ key, ...mail }) => {
    await transport.sendMail({ ...mail, messageId: `<${key}@${domain}>` })
  }
}

/** The mailer that `RINGMAIN_SMTP_URL` and `RINGMAIN_MAIL_FROM` describe; `null` if no mail server is set. */
export function mailerFromEnvironment(env: NodeJS.ProcessEnv = process.env): Mailer | null {
  const url = env['RINGMAIN_SMTP_URL']
  return url ? createMailer(url, env['RINGMAIN_MAIL_FROM'] ?? 'ringmain@localhost') : null
}
