import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import type { Access } from '../../schemas/vocabulary/access.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'

type Name = keyof typeof operations

/** The faces that call the DNO's API. The depot's and the driver's call an FSP's, which has operations of its own. */
const folders = ['portal', 'planner', 'shared']

/** Why operations have no screen: each is here with a reason, or a screen calls it. */
const withoutScreen: Readonly<Record<string, readonly Name[]>> = {
  'The browser is sent there by the issuer, not by a screen.': ['completeLogIn'],
  'A program does it, each quarter-hour or oftener; its person has nothing to enter.': [
    'reportOnInstruction',
    'sendLiveReadings',
    'uploadReadings',
    'readSiteSchedule',
  ],
  'The list that a screen shows has all of it already.': [
    'readProposal',
    'readSetting',
    'readDnoGroup',
    'readLicenceArea',
    'readNetworkImport',
    'readFlexibleUnit',
    'readProduct',
    'readSubmittedSchedule',
  ],
  'A screen shows the latest run; those before it are for programs that keep account of their offers.': [
    'listUnitChoices',
  ],
  'Not built yet: profiles as files.': [
    'exportProfile',
    'readDemandSchedule',
    'exportDemandSchedule',
    'uploadDemandSchedule',
    'readUnitDemandSchedule',
    'exportUnitDemandSchedule',
    'applyForUnitProfile',
    'uploadUnitDemandSchedule',
  ],
  'An applicant asks it without an account, by the number of its application; the DNO’s people see the list of FSPs.': [
    'readApplication',
  ],
}

/** Sources of the faces, without tests. */
function sources(): string[] {
  return folders.flatMap((folder) => {
    const root = join(import.meta.dirname, '..', folder)
    // A face that is not there yet calls nothing.
    const names = readdirSync(join(root, '..')).includes(folder) ? readdirSync(root, { recursive: true }) : []
    return names
      .map(String)
      .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
      .map((name) => readFileSync(join(root, name), 'utf8'))
  })
}

/** Whether people use it; what is open to gateways alone is for programs. */
function isForPeople(access: Access): boolean {
  return access === 'anyone' || Object.keys(access).some((caller) => caller !== 'gateway')
}

const called = new Set(sources().flatMap((text) => [...text.matchAll(/\boperations\.(\w+)/g)].map(([, name]) => name)))
const excused = Object.values(withoutScreen).flat()

describe('every operation that people may use', () => {
  test('is called by a screen, or is listed with the reason why not', () => {
    const missing = (Object.entries(operations) as [Name, Operation][])
      .filter(([name, { access }]) => isForPeople(access) && !called.has(name) && !excused.includes(name))
      .map(([name, { summary }]) => `${name}: ${summary}`)
    expect(missing).toEqual([])
  })

  test('leaves the list once it has a screen', () => {
    expect(excused.filter((name) => called.has(name))).toEqual([])
  })

  test('stands in the list once, for one reason', () => {
    expect(excused.filter((name, i) => excused.indexOf(name) !== i)).toEqual([])
  })

  test('is found where it is called: those of a screen that is there', () => {
    expect(called.size).toBeGreaterThan(150)
    expect([called.has('verifyAudit'), called.has('completeLogIn')]).toEqual([true, false])
  })
})
