/** Captures from the field (ICS, intrusion-detection and protocol projects): what we read against what tshark reads. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type DecodedRecord, decodeCapture } from '../index.ts'
import { differences, dissect, HAS_TSHARK } from './support/tshark.ts'

const FOLDER = join(import.meta.dirname, '../../../../shared/data/dnp3-captures')
const files = existsSync(FOLDER)
  ? readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => /\.pcap(ng)?$/.test(name))
  : []

/** Why parts of some captures are refused. Everything else must be read. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  // Data sets (g85, g86) are not supported.
  'dataset_exchange.pcap': /^unknown-object$/,
  // A command whose count exceeds its objects.
  'direct_operate_crob_malform_but_good_crc.pcap': /^truncated$/,
  // Group 255, and a class header with a reserved range code.
  'dnp3_test_data_part1.pcap': /^unknown-(object|qualifier)$/,
  'dnp3_test_data_part2.pcap': /^unknown-object$/,
  'dnp3.pcap': /^unknown-(object|qualifier)$/,
  // 65,536 strings of no octets: one header could announce any number of them.
  'write_vto_empty_string.pcap': /^bad-object-size$/,
  'dnp3-max-points.pcap': /^(truncated|transport: fragment unfinished.*)$/,
  // Segments that never end.
  'dnp3-too-long-reassembly-request.pcap': /^transport: fragment unfinished/,
  'dnp3-too-long-reassembly-response.pcap': /^transport: fragment unfinished/,
  'dnp3-flowbuffer-overflow-assert.pcap': /^transport: fragment unfinished/,
}

const NON_STANDARD_PORT = /p20001/

describe.skipIf(files.length === 0)('captures from the field (skipped where ../shared is absent)', () => {
  test.each(files)('%s is read, or refused for a stated reason', (name) => {
    const port = NON_STANDARD_PORT.test(name) ? 20_001 : 20_000
    const records: DecodedRecord[] = [...decodeCapture(readFileSync(join(FOLDER, name)), { port })]
    expect(records.length).toBeGreaterThan(0)
    const base = name.split('/').at(-1) as string
    for (const { error } of records) if (error !== null) expect(error).toMatch(REFUSED[base] ?? /nothing is refused/)
  })

  test.skipIf(!HAS_TSHARK).each(files)('%s means what tshark says (skipped where tshark is absent)', async (name) => {
    const port = NON_STANDARD_PORT.test(name) ? 20_001 : 20_000
    const path = join(FOLDER, name)
    const records = [...decodeCapture(readFileSync(path), { port })]
    expect(differences(records, await dissect(path, port))).toEqual([])
  })
})
