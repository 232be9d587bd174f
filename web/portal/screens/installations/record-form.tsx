import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Installation, InstallationForm } from '../../../../schemas/grid/installations.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { installationQuery } from '../../grid-queries.ts'
import { fieldsOf, type InstallationDay, installationDays, nextSensor, type RecordFields, recordOf } from './form.ts'
import { SensorRow } from './sensor-row.tsx'
import { atWords, batteryWords } from './words.ts'

/** Writes the record of an installation, or changes it. */
export function RecordForm({ installation, onDone }: { installation: Installation; onDone: () => void }) {
  const [fields, setFields] = useState(() => fieldsOf(installation.record))
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const { hubId, etag } = installation
  const save = useMutation({
    mutationFn: (body: InstallationForm) =>
      api.call(operations.saveInstallation, { params: { id: hubId }, body, version: etag }),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: installationQuery(hubId).queryKey })
      onDone()
    },
  })
  const parsed = recordOf(fields)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (parsed.success) save.mutate(parsed.data)
  }
  const change = (some: Partial<RecordFields>) => setFields((before) => ({ ...before, ...some }))
  return (
    <Section title={installation.record ? 'Change the record' : 'Write the record'}>
      <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 16 }}>
        <RecordInputs fields={fields} change={change} />
        {fields.sensors.map((sensor, n) => (
          <SensorRow
            key={sensor.key}
            n={n + 1}
            sensor={sensor}
            onChange={(next) => change({ sensors: fields.sensors.map((each) => (each === sensor ? next : each)) })}
            onRemove={() => change({ sensors: fields.sensors.filter((each) => each !== sensor) })}
          />
        ))}
        <span>
          <Button size="xs" onClick={() => change({ sensors: [...fields.sensors, nextSensor(fields.sensors)] })}>
            Add a sensor
          </Button>
        </span>
        {tried && parsed.error && (
          <Notice tone="fault">
            {parsed.error.issues.map(({ path, message }) => `${path.join(' ')} ${message}`).join('; ')}.
          </Notice>
        )}
        {save.isError && <ProblemNotice error={save.error} />}
        <span style={{ display: 'flex', gap: 8 }}>
          <Button type="submit" variant="filled" loading={save.isPending}>
            Save the record
          </Button>
          <Button onClick={onDone}>Leave it as it was</Button>
        </span>
      </form>
    </Section>
  )
}

interface RecordInputsProps {
  fields: RecordFields
  change: (some: Partial<RecordFields>) => void
}

function RecordInputs({ fields, change }: RecordInputsProps) {
  const days = Object.entries(installationDays) as [InstallationDay, string][]
  return (
    <Fields>
      <Choice
        label="At"
        value={fields.at}
        onChange={(event) => change({ at: event.currentTarget.value as RecordFields['at'] })}
      >
        {Object.entries(atWords).map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </Choice>
      <Field label="Place" value={fields.place} onChange={(event) => change({ place: event.currentTarget.value })} />
      <Choice
        label="Battery"
        value={fields.battery}
        onChange={(event) => change({ battery: event.currentTarget.value as RecordFields['battery'] })}
      >
        {Object.entries(batteryWords).map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </Choice>
      <Field
        label="Installer"
        value={fields.installer}
        onChange={(event) => change({ installer: event.currentTarget.value })}
      />
      {days.map(([name, words]) => (
        <Field
          key={name}
          type="date"
          label={words}
          value={fields.days[name]}
          onChange={(event) => change({ days: { ...fields.days, [name]: event.currentTarget.value } })}
        />
      ))}
      <Field label="Notes" value={fields.notes} onChange={(event) => change({ notes: event.currentTarget.value })} />
    </Fields>
  )
}
