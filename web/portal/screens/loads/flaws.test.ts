import { expect, test } from 'vitest'
import { ApiProblem } from '../../../shared/api/client.ts'
import { flawsOf } from './flaws.ts'

const refusal = (status: number, ...fields: string[]) =>
  new ApiProblem({
    type: 'urn:ringmain:problem:contract-broken',
    title: '',
    status,
    errors: fields.map((field) => ({ field, message: 'is wrong' })),
  })

test('the flaws of a refused file are told by line and column', () => {
  expect(flawsOf(refusal(422, 'line 3, load_w', 'line 12'))).toEqual([
    { line: 3, field: 'load_w', message: 'is wrong' },
    { line: 12, field: '', message: 'is wrong' },
  ])
})

test('a refusal that is not about lines is no list of flaws', () => {
  expect(flawsOf(refusal(422, 'zone'))).toBeNull()
  expect(flawsOf(refusal(422))).toBeNull()
  expect(flawsOf(refusal(403, 'line 3'))).toBeNull()
  expect(flawsOf(new Error('line 3'))).toBeNull()
})
