import { describe, expect, test } from 'vitest'
import { Flag, FunctionCode } from '../dnp3/index.ts'
import { AssignmentParser, compactAssignment, mapOf } from './assignment-parser.ts'
import { DeadBandFilter } from './dead-band.ts'
import { Gate } from './gate.ts'
import { permitter, readAndSetTime } from './permissions.ts'
import { compilePointMap, PointMapCache, pointKey } from './point-map.ts'
import { qualityOf } from './quality.ts'
import { malformedCount, Quarantine, quarantineDefaults } from './quarantine.ts'
import { Schedule, tickMs } from './schedule.ts'
import { UnmappedPoints } from './unmapped.ts'

describe('quality', () => {
  const cases: [string, number, string][] = [
    ['online alone', Flag.online, 'good'],
    ['nothing', 0, 'bad'],
    ['restart', Flag.online | Flag.restart, 'bad'],
    ['communication lost', Flag.online | Flag.commLost, 'bad'],
    ['over-range', Flag.online | Flag.overRange, 'questionable'],
    ['reference error', Flag.online | Flag.referenceError, 'questionable'],
    ['forced at the device', Flag.online | Flag.localForced, 'questionable'],
    ['forced remotely', Flag.online | Flag.remoteForced, 'questionable'],
    ['over-range, but lost', Flag.overRange | Flag.commLost, 'bad'],
  ]
  test.each(cases)('of an analogue with %s', (_, flags, quality) => expect(qualityOf('analog', flags)).toBe(quality))
  test('of a chattering binary is questionable', () => expect(qualityOf('binary', 0x21)).toBe('questionable'))
})

describe('a point map', () => {
  const point = { group: 32, index: 7, feeder: 2, phase: 'L3' as const, quantity: 'current' as const, scale: 0.1 }

  const hub = {
    hubId: '00000000-0000-4000-8000-000000000001',
    name: 'Hub',
    host: 'h',
    port: 1,
    localAddress: 1,
    remoteAddress: 10,
    integrityPollS: 60,
    storedSequence: 0,
  }

  test('names points by their static group, whichever group it was written with', () => {
    const map = compilePointMap([point])
    expect(map.get(pointKey(30, 7))).toEqual({
      json: '"feeder":2,"phase":"L3","quantity":"current","unit":"A"',
      scale: 0.1,
      deadBand: null,
    })
    expect(map.get(pointKey(1, 7))).toBeUndefined()
  })

  test('is read and compiled once for all hubs that share it', () => {
    const parser = new AssignmentParser()
    const parse = (...maps: object[][]) =>
      parser.parse({
        gatewayId: 'g',
        issuedAt: '2026-01-15T00:00:00Z',
        hubs: maps.map((map) => ({ ...hub, pointMap: map })),
      })
    const [first, second, other] = parse([{ ...point }], [{ ...point }], [{ ...point, scale: 1 }]).hubs
    expect(first?.pointMap).toBe(second?.pointMap)
    expect(first?.pointMap).not.toBe(other?.pointMap)
    expect(parse([{ ...point }]).hubs[0]?.pointMap).toBe(first?.pointMap)
    const cache = new PointMapCache()
    expect(cache.get(first?.pointMap ?? [])).toBe(cache.get(second?.pointMap ?? []))
    expect(() => parse([{ ...point, phase: 'L4' }])).toThrow('L1')
  })

  test('is stored once by name and reads back unchanged', () => {
    const parser = new AssignmentParser()
    const hubs = [[point], [point], []].map((pointMap) => ({ ...hub, pointMap }))
    const assignment = parser.parse({ gatewayId: 'g', issuedAt: '2026-01-15T00:00:00Z', hubs })
    const kept = compactAssignment(assignment)
    expect(kept.pointMaps).toEqual({ 'map-1': [point], 'map-2': [] })
    const back = new AssignmentParser().parse(JSON.parse(JSON.stringify(kept)))
    expect(back.hubs.map((each) => mapOf(each, back))).toEqual([[point], [point], []])
  })

  test('reports an unknown point once and counts every occurrence', () => {
    const unmapped = new UnmappedPoints()
    for (const index of [1, 1, 2]) unmapped.note(30, index)
    expect(unmapped.takeNew()).toEqual({ found: ['g30:1', 'g30:2'], total: 3 })
    unmapped.note(30, 2)
    expect(unmapped.takeNew()).toEqual({ found: [], total: 4 })
    for (let index = 0; index < 5_000; index++) unmapped.note(32, index)
    expect(unmapped.takeNew()).toMatchObject({ total: 5_004, found: { length: 998 } })
  })
})

describe('a dead band', () => {
  test('leaves out a value that has hardly moved, but never twice in a row', () => {
    const filter = new DeadBandFilter(60)
    const passes = (minute: number, value: number) => filter.passes(1, 5, value, 'good', minute * 60_000)
    expect([passes(0, 100), passes(1, 105), passes(2, 105), passes(3, 110), passes(4, 111)]).toEqual([
      ...[true, false, true, false, true],
    ])
    expect(filter.leftOut).toBe(2)
  })

  test('passes a value beyond it, a change of quality, and everything after a loss', () => {
    const filter = new DeadBandFilter(60)
    expect(filter.passes(1, 5, 100, 'good', 0)).toBe(true)
    expect(filter.passes(1, 5, 105.1, 'good', 1)).toBe(true)
    expect(filter.passes(1, 5, 105.1, 'bad', 2)).toBe(true)
    expect(filter.passes(1, 5, 105.1, 'bad', 3)).toBe(false)
    filter.forget()
    expect(filter.passes(1, 5, 105.1, 'bad', 4)).toBe(true)
  })
})

describe('the schedule', () => {
  function pollsOf(schedule: Schedule, fromMs: number, untilMs: number) {
    const polls: [ms: number, hubId: string, kind: string][] = []
    for (let ms = fromMs; ms < untilMs; ms += tickMs) {
      for (const [hubId, kind] of schedule.due(ms)) polls.push([ms, hubId, kind])
    }
    return polls
  }

  test('gives each hub one integrity poll per interval and an event poll half-way between', () => {
    const schedule = new Schedule()
    schedule.set('a', 60)
    schedule.set('b', 15)
    const polls = pollsOf(schedule, 120_000, 180_000)
    expect(polls.filter(([, hub]) => hub === 'a')).toEqual([
      [120_000, 'a', 'integrity'],
      [150_000, 'a', 'event'],
    ])
    expect(polls.filter(([, hub, kind]) => hub === 'b' && kind === 'integrity').map(([ms]) => ms)).toEqual([
      120_000, 135_000, 150_000, 165_000,
    ])
    expect(polls.filter(([, hub, kind]) => hub === 'b' && kind === 'event').map(([ms]) => ms)).toEqual([
      127_500, 142_500, 157_500, 172_500,
    ])
  })

  test('spreads a large fleet evenly and keeps the slots of other hubs when hubs come and go', () => {
    const schedule = new Schedule()
    for (let n = 0; n < 10_000; n++) schedule.set(`hub-${n}`, 60)
    const together = (from: number) =>
      [...Map.groupBy(pollsOf(schedule, from, from + 60_000), ([ms]) => ms).values()].map((polls) => polls.length)
    expect(together(0)).toHaveLength(120)
    expect(Math.max(...together(0))).toBeLessThanOrEqual(168)
    expect(Math.min(...together(0))).toBeGreaterThanOrEqual(166)
    // Polls of everything are spread too: 10,000 over 120 ticks.
    const whole = pollsOf(schedule, 0, 60_000).filter(([, , kind]) => kind === 'integrity')
    const wholeTogether = [...Map.groupBy(whole, ([ms]) => ms).values()].map((polls) => polls.length)
    expect([Math.min(...wholeTogether), Math.max(...wholeTogether)]).toEqual([83, 84])
    const before = new Map(pollsOf(schedule, 0, 60_000).map(([ms, hub, kind]) => [`${hub} ${kind}`, ms]))
    for (let n = 0; n < 10_000; n += 2) schedule.remove(`hub-${n}`)
    const after = pollsOf(schedule, 0, 60_000)
    expect(after).toHaveLength(10_000)
    for (const [ms, hub, kind] of after) expect(before.get(`${hub} ${kind}`)).toBe(ms)
  })
})

describe('quarantine', () => {
  test('FM27 begins after too many malformed frames in a minute, each twice as long as the last', () => {
    const quarantine = new Quarantine(quarantineDefaults)
    const { limit, firstMs } = quarantineDefaults
    expect(quarantine.assess(0, 0)).toBeNull()
    expect(quarantine.assess(limit - 1, 1_000)).toBeNull()
    expect(quarantine.assess(limit, 2_000)).toBe('begin')
    expect(quarantine.untilMs).toBe(2_000 + firstMs)
    expect(quarantine.assess(limit, 2_000 + firstMs - 1)).toBeNull()
    expect(quarantine.assess(limit, 2_000 + firstMs)).toBe('end')
    expect(quarantine.assess(2 * limit, 3_000 + firstMs)).toBe('begin')
    expect(quarantine.untilMs).toBe(3_000 + firstMs + 2 * firstMs)
  })

  test('FM27 does not begin for a line that spoils a frame now and then', () => {
    const quarantine = new Quarantine(quarantineDefaults)
    for (let minute = 0; minute < 1_000; minute++)
      expect(quarantine.assess(minute * (quarantineDefaults.limit - 1), minute * 60_000)).toBeNull()
  })

  test('FM27 is forgotten after an hour of good behaviour', () => {
    const quarantine = new Quarantine(quarantineDefaults)
    quarantine.assess(0, 0)
    quarantine.assess(100, 1)
    const endMs = quarantine.untilMs ?? 0
    quarantine.assess(100, endMs)
    quarantine.assess(100, endMs + 3_600_000)
    quarantine.assess(100, endMs + 3_600_001)
    expect(quarantine.assess(200, endMs + 3_600_002)).toBe('begin')
    expect(quarantine.untilMs).toBe(endMs + 3_600_002 + quarantineDefaults.firstMs)
  })

  test('counts stretches of octets without a frame', () => expect(malformedCount(3, 2 * 292 + 5)).toBe(5))
})

describe('the permissions of a gateway', () => {
  const permits = permitter(readAndSetTime)
  const read = Uint8Array.of(0xc0, FunctionCode.read, 60, 2, 0x06)
  const writeTime = Uint8Array.of(0xc0, FunctionCode.write, 50, 1, 0x07, 1, 0, 0, 0, 0, 0, 0)
  const writeDeadband = Uint8Array.of(0xc0, FunctionCode.write, 34, 1, 0x00, 0, 0, 5, 0)

  test('allows reads and setting the time', () => {
    expect(permits(read)).toBe(true)
    expect(permits(writeTime)).toBe(true)
    expect(permits(Uint8Array.of(0xc0, FunctionCode.recordCurrentTime))).toBe(true)
  })

  test('forbids other writes, controls, restarts and unreadable requests', () => {
    expect(permits(writeDeadband)).toBe(false)
    for (const code of [
      FunctionCode.select,
      FunctionCode.operate,
      FunctionCode.directOperate,
      FunctionCode.coldRestart,
    ])
      expect(permits(Uint8Array.of(0xc0, code))).toBe(false)
    expect(permits(writeTime.subarray(0, 8))).toBe(false)
    expect(permits(new Uint8Array())).toBe(false)
  })

  test('can be narrowed to fewer functions', () => expect(permitter([FunctionCode.read])(writeTime)).toBe(false))
})

describe('the gate', () => {
  test('FM26 passes 250 attempts per tick, in order, and none that was cancelled', () => {
    const gate = new Gate()
    const begun: number[] = []
    const cancels = Array.from({ length: 600 }, (_, n) => gate.enter(() => begun.push(n)))
    expect(begun).toEqual(Array.from({ length: 250 }, (_, n) => n))
    cancels[300]?.()
    const lengths = Array.from({ length: 4 }, () => {
      gate.tick()
      return begun.length
    })
    expect(lengths).toEqual([250, 500, 599, 599])
    expect(begun).not.toContain(300)
    gate.enter(() => begun.push(600))
    expect(begun.at(-1)).toBe(600)
  })
})
