import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { atEnd } from './cleanup.ts'

export interface ReceivedMail {
  to: string
  /** As it came over the wire, header lines among it, quoted-printable undone as far as plain text needs it. */
  text: string
  messageId: string
}

export interface MailDesk {
  /** For `RINGMAIN_SMTP_URL`. */
  url: string
  mails: ReceivedMail[]
  /** While it is true mails are read to their end and never acknowledged; they count as received all the same. */
  isHanging: boolean
}

/** An FSP's desk: a real SMTP server that keeps what it gets; closed when the test file is done. */
export async function startMailDesk(): Promise<MailDesk> {
  const desk: MailDesk = { url: '', mails: [], isHanging: false }
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const text = Buffer.concat(parts).toString().replace(/=\r\n/g, '').replaceAll('=3D', '=')
        const messageId = /^message-id: (.+?)\r?$/im.exec(text)?.[1] ?? ''
        desk.mails.push({ to: session.envelope.rcptTo[0]?.address ?? '', text, messageId })
        if (!desk.isHanging) done()
      })
    },
  })
  // A sender that is killed in the middle of a mail is no fault of the desk's.
  smtp.on('error', () => undefined)
  await new Promise<void>((resolve) => void smtp.listen(0, '127.0.0.1', resolve))
  desk.url = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`
  atEnd(() => new Promise<void>((resolve) => smtp.close(resolve)))
  return desk
}
