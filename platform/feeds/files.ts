import { gunzip } from 'node:zlib'
import { codeOf } from '../errors/index.ts'

/** Why a file is not read. What arrived is kept as it is. */
export interface FileFault {
  ok: false
  reason: string
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** How files begin that are no text, whatever their name says. */
const signatures: readonly (readonly [string, readonly number[]])[] = [
  ['a ZIP archive or an office document', [0x50, 0x4b, 0x03, 0x04]],
  ['an empty ZIP archive', [0x50, 0x4b, 0x05, 0x06]],
  ['a 7z archive', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['a RAR archive', [0x52, 0x61, 0x72, 0x21]],
  ['a bzip2 archive', [0x42, 0x5a, 0x68]],
  ['an xz archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['a Zstandard archive', [0x28, 0xb5, 0x2f, 0xfd]],
  ['a PDF', [0x25, 0x50, 0x44, 0x46]],
  ['a program', [0x4d, 0x5a]],
  ['a program', [0x7f, 0x45, 0x4c, 0x46]],
  ['an old office document', [0xd0, 0xcf, 0x11, 0xe0]],
]

/**
 * The text of a file from a supplier, or why it is not read: too long, no text, an archive, a program. One gzip file is unpacked, up to
 * `maxBytes` and no further, so that a small file cannot fill the memory; an archive inside it is refused as well (P3).
 * @param maxBytes of the text.
 */
export async function guardedText(
  content: Uint8Array,
  maxBytes: number,
): Promise<{ ok: true; text: string } | FileFault> {
  if (content.length === 0) return refused('the file is empty')
  if (content.length > maxBytes)
    return refused(`the file has ${content.length} bytes, and at most ${maxBytes} are read`)
  if (!begins(content, [0x1f, 0x8b])) return textOf(content)
  const unpacked = await unpack(content, maxBytes)
  if (!unpacked.ok) return unpacked
  return begins(unpacked.content, [0x1f, 0x8b]) ? refused('it is an archive in an archive') : textOf(unpacked.content)
}

/** What a file is instead of text, by how it begins; `null` if nothing speaks against text. */
export function noTextBy(start: Uint8Array): string | null {
  return signatures.find(([, bytes]) => begins(start, bytes))?.[0] ?? null
}

function textOf(content: Uint8Array): { ok: true; text: string } | FileFault {
  const found = noTextBy(content)
  if (found !== null) return refused(`it is ${found}, where text is expected`)
  try {
    const text = decoder.decode(content)
    return text.includes('\0') ? refused('it has zero bytes, as no text has') : { ok: true, text }
  } catch {
    return refused('it has bytes that are not UTF-8')
  }
}

function unpack(content: Uint8Array, maxOutputLength: number): Promise<{ ok: true; content: Uint8Array } | FileFault> {
  return new Promise((resolve) => {
    gunzip(content, { maxOutputLength }, (error, unpacked) => {
      if (!error) resolve({ ok: true, content: unpacked })
      else if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE')
        resolve(refused(`unpacked it has more than ${maxOutputLength} bytes`))
      else resolve(refused('its gzip archive is damaged'))
    })
  })
}

function begins(content: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, i) => content[i] === byte)
}

function refused(reason: string): FileFault {
  return { ok: false, reason }
}
