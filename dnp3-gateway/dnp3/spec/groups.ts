/** Object groups and variations as data, IEEE 1815-2012 Annex A (a subclause per group and variation). */
import { ATTRIBUTE, BITS, DOUBLE_BITS, fixed, type Layout, NONE, OCTETS, SIZED } from './layout.ts'

/** What a point measures or commands; also names the sections of the outstation's database. */
export type PointType =
  | 'binary'
  | 'doubleBit'
  | 'binaryOutput'
  | 'counter'
  | 'frozenCounter'
  | 'analog'
  | 'frozenAnalog'
  | 'analogOutput'
  | 'octetString'

/** `static` and `event` groups are measurements; the rest name their purpose. */
export type GroupRole =
  | 'static'
  | 'event'
  | 'command'
  | 'commandEvent'
  | 'deadband'
  | 'time'
  | 'class'
  | 'indications'
  | 'attribute'
  | 'file'
  | 'terminal'
  | 'application'
  | 'authentication'

/** One object group: variations by number, each a short name and its layout. */
export interface GroupSpec {
  readonly group: number
  readonly name: string
  readonly role: GroupRole
  readonly type: PointType | null
  readonly variations: Readonly<Record<number, readonly [name: string, layout: Layout]>>
  /** Layout of every unlisted variation (groups with a length or a selector as their variation). */
  readonly others?: Layout
}

const F = 'flags:u8' as const
const T = 'time:time48' as const

const counterEvents = {
  1: ['32-bit with flag', fixed(F, 'value:u32')],
  2: ['16-bit with flag', fixed(F, 'value:u16')],
  3: ['32-bit delta with flag', fixed(F, 'value:u32')],
  4: ['16-bit delta with flag', fixed(F, 'value:u16')],
  5: ['32-bit with flag and time', fixed(F, 'value:u32', T)],
  6: ['16-bit with flag and time', fixed(F, 'value:u16', T)],
  7: ['32-bit delta with flag and time', fixed(F, 'value:u32', T)],
  8: ['16-bit delta with flag and time', fixed(F, 'value:u16', T)],
} as const

const analogEvents = {
  1: ['32-bit', fixed(F, 'value:i32')],
  2: ['16-bit', fixed(F, 'value:i16')],
  3: ['32-bit with time', fixed(F, 'value:i32', T)],
  4: ['16-bit with time', fixed(F, 'value:i16', T)],
  5: ['single-precision', fixed(F, 'value:f32')],
  6: ['double-precision', fixed(F, 'value:f64')],
  7: ['single-precision with time', fixed(F, 'value:f32', T)],
  8: ['double-precision with time', fixed(F, 'value:f64', T)],
} as const

const binaryEvents = {
  1: ['without time', fixed(F)],
  2: ['with absolute time', fixed(F, T)],
  3: ['with relative time', fixed(F, 'time:rel16')],
} as const

const crob = fixed('code:u8', 'count:u8', 'onTimeMs:u32', 'offTimeMs:u32', 'status:u8')

/** Measurements: inputs, outputs' status, and their events. */
const MEASUREMENT_GROUPS: readonly GroupSpec[] = [
  {
    group: 1,
    name: 'binary input',
    role: 'static',
    type: 'binary',
    variations: { 1: ['packed', BITS], 2: ['with flags', fixed(F)] },
  },
  { group: 2, name: 'binary input event', role: 'event', type: 'binary', variations: binaryEvents },
  {
    group: 3,
    name: 'double-bit binary input',
    role: 'static',
    type: 'doubleBit',
    variations: { 1: ['packed', DOUBLE_BITS], 2: ['with flags', fixed(F)] },
  },
  { group: 4, name: 'double-bit binary input event', role: 'event', type: 'doubleBit', variations: binaryEvents },
  {
    group: 10,
    name: 'binary output',
    role: 'static',
    type: 'binaryOutput',
    variations: { 1: ['packed', BITS], 2: ['status with flags', fixed(F)] },
  },
  {
    group: 11,
    name: 'binary output event',
    role: 'event',
    type: 'binaryOutput',
    variations: { 1: ['without time', fixed(F)], 2: ['with time', fixed(F, T)] },
  },
  {
    group: 20,
    name: 'counter',
    role: 'static',
    type: 'counter',
    variations: {
      1: ['32-bit with flag', fixed(F, 'value:u32')],
      2: ['16-bit with flag', fixed(F, 'value:u16')],
      3: ['32-bit delta with flag', fixed(F, 'value:u32')],
      4: ['16-bit delta with flag', fixed(F, 'value:u16')],
      5: ['32-bit', fixed('value:u32')],
      6: ['16-bit', fixed('value:u16')],
      7: ['32-bit delta', fixed('value:u32')],
      8: ['16-bit delta', fixed('value:u16')],
    },
  },
  {
    group: 21,
    name: 'frozen counter',
    role: 'static',
    type: 'frozenCounter',
    variations: {
      1: ['32-bit with flag', fixed(F, 'value:u32')],
      2: ['16-bit with flag', fixed(F, 'value:u16')],
      3: ['32-bit delta with flag', fixed(F, 'value:u32')],
      4: ['16-bit delta with flag', fixed(F, 'value:u16')],
      5: ['32-bit with flag and time of freeze', fixed(F, 'value:u32', T)],
      6: ['16-bit with flag and time of freeze', fixed(F, 'value:u16', T)],
      7: ['32-bit delta with flag and time of freeze', fixed(F, 'value:u32', T)],
      8: ['16-bit delta with flag and time of freeze', fixed(F, 'value:u16', T)],
      9: ['32-bit', fixed('value:u32')],
      10: ['16-bit', fixed('value:u16')],
      11: ['32-bit delta', fixed('value:u32')],
      12: ['16-bit delta', fixed('value:u16')],
    },
  },
  { group: 22, name: 'counter event', role: 'event', type: 'counter', variations: counterEvents },
  { group: 23, name: 'frozen counter event', role: 'event', type: 'frozenCounter', variations: counterEvents },
  {
    group: 30,
    name: 'analog input',
    role: 'static',
    type: 'analog',
    variations: {
      1: ['32-bit with flag', fixed(F, 'value:i32')],
      2: ['16-bit with flag', fixed(F, 'value:i16')],
      3: ['32-bit', fixed('value:i32')],
      4: ['16-bit', fixed('value:i16')],
      5: ['single-precision with flag', fixed(F, 'value:f32')],
      6: ['double-precision with flag', fixed(F, 'value:f64')],
    },
  },
  {
    group: 31,
    name: 'frozen analog input',
    role: 'static',
    type: 'frozenAnalog',
    variations: {
      1: ['32-bit with flag', fixed(F, 'value:i32')],
      2: ['16-bit with flag', fixed(F, 'value:i16')],
      3: ['32-bit with time of freeze', fixed(F, 'value:i32', T)],
      4: ['16-bit with time of freeze', fixed(F, 'value:i16', T)],
      5: ['32-bit', fixed('value:i32')],
      6: ['16-bit', fixed('value:i16')],
      7: ['single-precision with flag', fixed(F, 'value:f32')],
      8: ['double-precision with flag', fixed(F, 'value:f64')],
    },
  },
  { group: 32, name: 'analog input event', role: 'event', type: 'analog', variations: analogEvents },
  { group: 33, name: 'frozen analog input event', role: 'event', type: 'frozenAnalog', variations: analogEvents },
  {
    group: 40,
    name: 'analog output status',
    role: 'static',
    type: 'analogOutput',
    variations: {
      1: ['32-bit with flag', fixed(F, 'value:i32')],
      2: ['16-bit with flag', fixed(F, 'value:i16')],
      3: ['single-precision with flag', fixed(F, 'value:f32')],
      4: ['double-precision with flag', fixed(F, 'value:f64')],
    },
  },
  { group: 42, name: 'analog output event', role: 'event', type: 'analogOutput', variations: analogEvents },
  { group: 110, name: 'octet string', role: 'static', type: 'octetString', variations: {}, others: OCTETS },
  { group: 111, name: 'octet string event', role: 'event', type: 'octetString', variations: {}, others: OCTETS },
]

/** Commands, and reports of commands. In g13 the flags octet holds the status code and, in bit 7, the state. */
const COMMAND_GROUPS: readonly GroupSpec[] = [
  {
    group: 12,
    name: 'binary output command',
    role: 'command',
    type: 'binaryOutput',
    variations: {
      1: ['control relay output block', crob],
      2: ['pattern control block', crob],
      3: ['pattern mask', BITS],
    },
  },
  {
    group: 13,
    name: 'binary output command event',
    role: 'commandEvent',
    type: 'binaryOutput',
    variations: { 1: ['without time', fixed(F)], 2: ['with time', fixed(F, T)] },
  },
  {
    group: 34,
    name: 'analog input dead band',
    role: 'deadband',
    type: 'analog',
    variations: {
      1: ['16-bit', fixed('value:u16')],
      2: ['32-bit', fixed('value:u32')],
      3: ['single-precision', fixed('value:f32')],
    },
  },
  {
    group: 41,
    name: 'analog output command',
    role: 'command',
    type: 'analogOutput',
    variations: {
      1: ['32-bit', fixed('value:i32', 'status:u8')],
      2: ['16-bit', fixed('value:i16', 'status:u8')],
      3: ['single-precision', fixed('value:f32', 'status:u8')],
      4: ['double-precision', fixed('value:f64', 'status:u8')],
    },
  },
  {
    group: 43,
    name: 'analog output command event',
    role: 'commandEvent',
    type: 'analogOutput',
    variations: analogEvents,
  },
]

/** Time, classes, indications, attributes, files, terminals, authentication. */
const SERVICE_GROUPS: readonly GroupSpec[] = [
  {
    group: 0,
    name: 'device attribute',
    role: 'attribute',
    type: null,
    variations: { 254: ['all attributes', NONE] },
    others: ATTRIBUTE,
  },
  {
    group: 50,
    name: 'time and date',
    role: 'time',
    type: null,
    variations: {
      1: ['absolute time', fixed(T)],
      2: ['absolute time and interval', fixed(T, 'intervalMs:u32')],
      3: ['absolute time at last recorded time', fixed(T)],
      4: ['indexed absolute time and long interval', fixed(T, 'interval:u32', 'units:u8')],
    },
  },
  {
    group: 51,
    name: 'common time of occurrence',
    role: 'time',
    type: null,
    variations: { 1: ['synchronized', fixed(T)], 2: ['unsynchronized', fixed(T)] },
  },
  {
    group: 52,
    name: 'time delay',
    role: 'time',
    type: null,
    variations: { 1: ['coarse', fixed('delayS:u16')], 2: ['fine', fixed('delayMs:u16')] },
  },
  {
    group: 60,
    name: 'class data',
    role: 'class',
    type: null,
    variations: { 1: ['class 0', NONE], 2: ['class 1', NONE], 3: ['class 2', NONE], 4: ['class 3', NONE] },
  },
  {
    group: 70,
    name: 'file control',
    role: 'file',
    type: null,
    variations: {
      2: ['authentication', SIZED],
      3: ['command', SIZED],
      4: ['command status', SIZED],
      5: ['transport', SIZED],
      6: ['transport status', SIZED],
      7: ['descriptor', SIZED],
      8: ['specification string', SIZED],
    },
  },
  {
    group: 80,
    name: 'internal indications',
    role: 'indications',
    type: null,
    variations: { 1: ['packed', BITS] },
  },
  {
    group: 90,
    name: 'application',
    role: 'application',
    type: null,
    variations: { 1: ['identifier', SIZED] },
  },
  { group: 112, name: 'virtual terminal output', role: 'terminal', type: null, variations: {}, others: OCTETS },
  { group: 113, name: 'virtual terminal event', role: 'terminal', type: null, variations: {}, others: OCTETS },
  {
    group: 120,
    name: 'authentication',
    role: 'authentication',
    type: null,
    variations: {
      1: ['challenge', SIZED],
      2: ['reply', SIZED],
      3: ['aggressive mode request', fixed('sequence:u32', 'user:u16')],
      4: ['session key status request', fixed('user:u16')],
      5: ['session key status', SIZED],
      6: ['session key change', SIZED],
      7: ['error', SIZED],
      8: ['user certificate', SIZED],
      9: ['message authentication code', SIZED],
      10: ['user status change', SIZED],
      11: ['update key change request', SIZED],
      12: ['update key change reply', SIZED],
      13: ['update key change', SIZED],
      14: ['update key change signature', SIZED],
      15: ['update key change confirmation', SIZED],
    },
  },
]

/** Every group that this stack can read from the wire. */
export const GROUPS: readonly GroupSpec[] = [...MEASUREMENT_GROUPS, ...COMMAND_GROUPS, ...SERVICE_GROUPS].sort(
  (a, b) => a.group - b.group,
)
