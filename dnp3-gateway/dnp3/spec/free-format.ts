/**
 * Inner layout of objects with a length given by a size prefix: files (Annex A, group 70) and authentication (group
 * 120, clause 7). Numbers as elsewhere; an earlier field holds the length of text and octets, or they take the rest.
 */
import type { FieldType } from './layout.ts'

export interface FreeField {
  readonly name: string
  readonly type: FieldType | 'text' | 'octets'
  /** Name of the field that holds the length of text and octets; without it they take the rest. */
  readonly length?: string
}

/** A field from a `name:type` word, or `name:text=lengthField` if another field holds its length. */
function field(word: string): FreeField {
  const [name = '', rest = ''] = word.split(':')
  const [type, length] = rest.split('=') as [FreeField['type'], string?]
  return length === undefined ? { name, type } : { name, type, length }
}

const free = (words: string): readonly FreeField[] => words.split(' ').map(field)

const FILES: Readonly<Record<number, readonly FreeField[]>> = {
  2: free(
    'userNameOffset:u16 userNameSize:u16 passwordOffset:u16 passwordSize:u16 authenticationKey:u32 ' +
      'userName:text=userNameSize password:text=passwordSize',
  ),
  3: free(
    'nameOffset:u16 nameSize:u16 created:time48 permissions:u16 authenticationKey:u32 fileSize:u32 mode:u16 ' +
      'maxBlockSize:u16 requestId:u16 name:text=nameSize',
  ),
  4: free('handle:u32 fileSize:u32 maxBlockSize:u16 requestId:u16 status:u8 text:text'),
  5: free('handle:u32 block:u32 data:octets'),
  6: free('handle:u32 block:u32 status:u8 text:text'),
  7: free(
    'nameOffset:u16 nameSize:u16 type:u16 fileSize:u32 created:time48 permissions:u16 requestId:u16 name:text=nameSize',
  ),
  8: free('name:text'),
}

const AUTHENTICATION: Readonly<Record<number, readonly FreeField[]>> = {
  1: free('sequence:u32 user:u16 macAlgorithm:u8 reason:u8 challenge:octets'),
  2: free('sequence:u32 user:u16 mac:octets'),
  5: free(
    'sequence:u32 user:u16 keyWrapAlgorithm:u8 keyStatus:u8 macAlgorithm:u8 challengeLength:u16 ' +
      'challenge:octets=challengeLength mac:octets',
  ),
  6: free('sequence:u32 user:u16 wrappedKeys:octets'),
  7: free('sequence:u32 user:u16 association:u16 errorCode:u8 time:time48 text:text'),
  8: free('keyChangeMethod:u8 certificateType:u8 certificate:octets'),
  9: free('mac:octets'),
  10: free(
    'keyChangeMethod:u8 operation:u8 sequence:u32 role:u16 roleExpiryDays:u16 userNameLength:u16 ' +
      'publicKeyLength:u16 certificationLength:u16 userName:text=userNameLength publicKey:octets=publicKeyLength ' +
      'certification:octets=certificationLength',
  ),
  11: free(
    'keyChangeMethod:u8 userNameLength:u16 challengeLength:u16 userName:text=userNameLength ' +
      'challenge:octets=challengeLength',
  ),
  12: free('sequence:u32 user:u16 challengeLength:u16 challenge:octets=challengeLength'),
  13: free('sequence:u32 user:u16 updateKeyLength:u16 updateKey:octets=updateKeyLength'),
  14: free('signature:octets'),
  15: free('mac:octets'),
}

const TABLES: Readonly<Record<number, Readonly<Record<number, readonly FreeField[]>>>> = {
  70: FILES,
  90: { 1: free('name:text') },
  120: AUTHENTICATION,
}

/** The inner fields of a free-format object, or undefined if the tables have none. */
export function freeFields(group: number, variation: number): readonly FreeField[] | undefined {
  return TABLES[group]?.[variation]
}
