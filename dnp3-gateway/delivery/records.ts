import { crc32 } from 'node:zlib'

/** A batch as it stands in the spool. `text` is its JSON, as it goes to the server. */
export interface SpoolRecord {
  readonly hubId: string
  readonly sequence: number
  readonly readings: number
  readonly text: string
}

/**
 * One record is one line: `crc hubId sequence readings json`. The CRC covers all that follows it, so that a line cut off by a kill or
 * spoilt by the disk is known for what it is.
 */
export function lineOf({ hubId, sequence, readings, text }: SpoolRecord): Buffer {
  const body = `${hubId} ${sequence} ${readings} ${text}`
  return Buffer.from(`${checksum(body)} ${body}\n`)
}

/** The record of a line without its end, or `null` if it is damaged. */
export function parseLine(line: string): SpoolRecord | null {
  const body = line.slice(9)
  if (line[8] !== ' ' || line.slice(0, 8) !== checksum(body)) return null
  const [, hubId, sequence, readings] = /^(\S+) (\d+) (\d+) /.exec(body) ?? []
  if (hubId === undefined) return null
  const head = hubId.length + String(sequence).length + String(readings).length + 3
  return { hubId, sequence: Number(sequence), readings: Number(readings), text: body.slice(head) }
}

/** The JSON of a batch. `readings` is the text of the array's elements. */
export function batchJson(hubId: string, sequence: number, readings: string): string {
  return `{"hubId":"${hubId}","sequence":${sequence},"readings":[${readings}]}`
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}
