/** Little-endian numbers in octets. Floats go through one shared scratch cell, which is faster than a DataView per fragment. */
import type { FieldType } from '../spec/layout.ts'

const octets = new Uint8Array(8)
const f32 = new Float32Array(octets.buffer)
const f64 = new Float64Array(octets.buffer)
const u32 = new Uint32Array(octets.buffer)

export function u16At(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
}

export function u32At(bytes: Uint8Array, at: number): number {
  return (u16At(bytes, at) | (u16At(bytes, at + 2) << 16)) >>> 0
}

/** One store and one load of the same width; four single octets would have to be gathered first. */
export function f32At(bytes: Uint8Array, at: number): number {
  u32[0] = u16At(bytes, at) | (u16At(bytes, at + 2) << 16)
  return f32[0] as number
}

/** The single-precision float nearest to `value`; written octet by octet from its bits. */
export function putF32(bytes: Uint8Array, at: number, value: number): void {
  f32[0] = value
  putU32(bytes, at, u32[0] as number)
}

function f64At(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < 8; i++) octets[i] = bytes[at + i] as number
  return f64[0] as number
}

/** The number of this type at `at`; the caller has checked the bounds. */
export function numberAt(bytes: Uint8Array, at: number, type: FieldType): number {
  switch (type) {
    case 'u8':
      return bytes[at] as number
    case 'u16':
    case 'rel16':
      return u16At(bytes, at)
    case 'u32':
      return u32At(bytes, at)
    case 'i16':
      return (u16At(bytes, at) << 16) >> 16
    case 'i32':
      return u32At(bytes, at) | 0
    case 'f32':
      return f32At(bytes, at)
    case 'f64':
      return f64At(bytes, at)
    case 'time48':
      return u32At(bytes, at) + u16At(bytes, at + 4) * 0x1_0000_0000
  }
}

export function putU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value & 0xff
  bytes[at + 1] = (value >>> 8) & 0xff
}

export function putU32(bytes: Uint8Array, at: number, value: number): void {
  putU16(bytes, at, value & 0xffff)
  putU16(bytes, at + 2, (value >>> 16) & 0xffff)
}

/** Writes a number within its type's range (integers wrap, as counters do). */
export function putNumber(bytes: Uint8Array, at: number, type: FieldType, value: number): void {
  switch (type) {
    case 'u8':
      bytes[at] = value & 0xff
      return
    case 'u16':
    case 'i16':
    case 'rel16':
      putU16(bytes, at, value)
      return
    case 'u32':
    case 'i32':
      putU32(bytes, at, value)
      return
    case 'f32':
      putF32(bytes, at, value)
      return
    case 'f64':
      f64[0] = value
      for (let i = 0; i < 8; i++) bytes[at + i] = octets[i] as number
      return
    case 'time48': {
      const whole = Math.max(0, Math.floor(value))
      putU32(bytes, at, whole % 0x1_0000_0000)
      putU16(bytes, at + 4, Math.floor(whole / 0x1_0000_0000))
    }
  }
}

/** Least and greatest value of the types that a measurement can exceed; null for the rest. */
export function analogLimits(type: FieldType | null): readonly [number, number] | null {
  switch (type) {
    case 'i16':
      return [-0x8000, 0x7fff]
    case 'i32':
      return [-0x8000_0000, 0x7fff_ffff]
    case 'f32':
      return [-3.4028234663852886e38, 3.4028234663852886e38]
    default:
      return null
  }
}
