import { expect, test } from 'vitest'
import { type FspDraft, newFspDraft, readFsp } from './fsp-draft.ts'

const filled: FspDraft = {
  ...newFspDraft,
  companyName: 'Depot Charging Ltd',
  contactName: 'Duty desk',
  contactEmail: 'desk@flex.example',
  baseUrl: 'https://flex.example/control',
  tokenEndpoint: 'https://flex.example/oidc/token',
  clientId: 'dno',
}

test('an application that is filled in is what the API takes, without empty members', () => {
  const { application, faults } = readFsp(filled)
  expect(faults.size).toBe(0)
  expect(application).toMatchObject({
    companyName: 'Depot Charging Ltd',
    clientAuthentication: { method: 'client_secret_basic' },
  })
  expect(application?.controlApi).toEqual({
    baseUrl: 'https://flex.example/control',
    tokenEndpoint: 'https://flex.example/oidc/token',
    clientId: 'dno',
    authentication: 'private_key_jwt',
  })
})

test('an empty form says at each field what belongs there', () => {
  const { application, faults } = readFsp(newFspDraft)
  expect(application).toBeNull()
  expect([...faults.keys()].toSorted()).toEqual(
    ['baseUrl', 'clientId', 'companyName', 'contactEmail', 'contactName', 'tokenEndpoint'].toSorted(),
  )
  for (const words of faults.values()) expect(words).toMatch(/^Enter /)
})

test.each([
  ['a secret that is too short', { authentication: 'client_secret_basic', clientSecret: 'short' }, 'clientSecret'],
  ['no secret', { authentication: 'client_secret_post' }, 'clientSecret'],
  ['no key', { method: 'private_key_jwt' }, 'key'],
  ['an address that is none', { baseUrl: 'flex.example' }, 'baseUrl'],
] as [string, Partial<FspDraft>, string][])('%s is refused at its field', (_, change, field) => {
  const { application, faults } = readFsp({ ...filled, ...change })
  expect(application).toBeNull()
  expect([...faults.keys()]).toEqual([field])
})
