import { expect, test } from 'vitest'
import { installationOperations } from '../../../../schemas/grid/installations.ts'
import { fieldsOf, nextSensor, recordOf } from './form.ts'

const example = installationOperations.saveInstallation.body.parse(
  installationOperations.saveInstallation.body.meta()?.['example'],
)

test('a record that is opened and saved unchanged is the same', () => {
  expect(recordOf(fieldsOf(example)).data).toEqual(example)
})

test('an empty form is a record of which nothing is known', () => {
  expect(recordOf(fieldsOf(null)).data).toMatchObject({ battery: 'none', installedOn: null, sensors: [] })
})

test('the next sensor is on the next phase with the same ratio, and after L3 on the next feeder', () => {
  const [first] = fieldsOf(example).sensors
  if (!first) throw new Error('the example has no sensor')
  const second = nextSensor([first])
  expect(second).toMatchObject({ feeder: '1', phase: 'L2', primaryA: '1000', secondary: '100', serialNumber: '' })
  expect(nextSensor([{ ...first, phase: 'L3' }])).toMatchObject({ feeder: '2', phase: 'L1' })
})

test('a ratio that is no number is refused, not left out', () => {
  const fields = fieldsOf(example)
  const typed = { ...fields, sensors: fields.sensors.map((sensor) => ({ ...sensor, primaryA: 'many' })) }
  expect(recordOf(typed).success).toBe(false)
})
