import type { DocumentType } from '../../../schemas/grid/installations.ts'

const beginnings: Record<Exclude<DocumentType, 'text/plain'>, readonly number[]> = {
  'application/pdf': [0x25, 0x50, 0x44, 0x46, 0x2d],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  'image/jpeg': [0xff, 0xd8, 0xff],
}

/** Whether bytes are what they are said to be: a file begins as its type does, and a text is UTF-8 without control characters. */
export function isOfType(content: Uint8Array, type: DocumentType): boolean {
  if (type === 'text/plain') return isText(content)
  return beginnings[type].every((byte, i) => content[i] === byte)
}

function isText(content: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text)
  } catch {
    return false
  }
}
