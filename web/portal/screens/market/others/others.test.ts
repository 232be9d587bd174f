import { describe, expect, test } from 'vitest'
import { newService, readService, type ServiceDraft, withSpan } from './draft.ts'
import { serviceState, spanInWords } from './words.ts'

const whole: ServiceDraft = {
  fuId: 'fu',
  buyer: ' NESO ',
  service: 'Demand Flexibility Service',
  reference: 'Requirement of 12 December',
  times: [{ key: 0, from: '2026-07-15T17:00', to: '2026-07-15T18:30' }],
}
const timesOf = (from: string, to: string): ServiceDraft => ({ ...whole, times: [{ key: 0, from, to }] })

describe('the form of a service to others', () => {
  test('gives local times as instants, in summer too', () => {
    const { given, faults } = readService(whole)
    expect([...faults]).toEqual([])
    expect(given).toMatchObject({
      buyer: 'NESO',
      times: [{ from: '2026-07-15T16:00:00Z', to: '2026-07-15T17:30:00Z' }],
    })
  })
  test('says what is missing, field by field', () => {
    expect([...readService(newService('')).faults.keys()]).toEqual(['fuId', 'buyer', 'service', 'reference', 'times.0'])
  })
  test('takes a time of a month at most, which ends after it begins', () => {
    expect(readService(timesOf('2026-01-15T17:00', '2026-01-15T17:00')).faults.get('times.0')).toMatch(/must end after/)
    expect(readService(timesOf('2026-01-01T00:00', '2026-02-01T00:00')).given).not.toBeNull()
    expect(readService(timesOf('2026-01-01T00:00', '2026-02-01T00:01')).faults.get('times.0')).toMatch(
      /31 days at most/,
    )
  })
  test('counts times on with keys of their own', () => {
    expect(withSpan(withSpan(whole.times)).map(({ key }) => key)).toEqual([0, 1, 2])
  })
})

describe('a service in words', () => {
  const service = { from: '2026-01-15T17:00:00Z', to: '2026-01-15T18:00:00Z', endedAt: null, conflicts: [] }
  const met = { ...service, conflicts: [{ contractId: 'c', product: 'A', from: service.from }] }
  const word = (of: Parameters<typeof serviceState>[0], at: string) => serviceState(of, Date.parse(at)).word
  test('is ahead, in force or over by the clock, and calls for somebody while it meets a contract', () => {
    expect(word(service, '2026-01-15T16:59:59Z')).toBe('Ahead')
    expect(word(service, '2026-01-15T17:00:00Z')).toBe('In force')
    expect(word(service, '2026-01-15T18:00:00Z')).toBe('Over')
    expect(word(met, '2026-01-15T17:30:00Z')).toBe('Meets a contract')
    expect(word(met, '2026-01-15T18:00:00Z')).toBe('Over')
    expect(word({ ...service, endedAt: service.from }, '2026-01-15T19:00:00Z')).toBe('Ended early')
    expect(word({ ...service, to: service.from }, '2026-01-15T16:00:00Z')).toBe('Never in force')
  })
  test('names the day of its end only where it is another', () => {
    expect(spanInWords(service)).toBe('15 Jan 17:00 to 18:00')
    expect(spanInWords({ ...service, to: '2026-01-16T02:00:00Z' })).toBe('15 Jan 17:00 to 16 Jan 02:00')
  })
})
