import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Installation, InstallationVersion, InstalledSensor } from '../../../../schemas/grid/installations.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Facts, Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { dayAndTime, dayInWords } from '../../../shared/format/time.ts'
import { installationQuery, installationVersionsQuery } from '../../grid-queries.ts'
import { useRefusal } from '../../session.ts'
import { Documents } from './documents.tsx'
import { installationDays } from './form.ts'
import { RecordForm } from './record-form.tsx'
import { atWords, batteryWords, sensorWords } from './words.ts'

/** How a hub was installed: the record, its documents, and what was recorded before. */
export function InstallationPage() {
  const { hubId } = useParams({ from: '/inside/hubs/$hubId/installation' })
  const query = useQuery(installationQuery(hubId))
  return (
    <Page
      title={query.data ? `Installation of ${query.data.hubName}` : 'Installation'}
      actions={
        <LinkButton to="/hubs" search={{ hub: hubId }}>
          Back to the hub
        </LinkButton>
      }
    >
      <Loaded query={query}>{(installation) => <Content installation={installation} />}</Loaded>
    </Page>
  )
}

function Content({ installation }: { installation: Installation }) {
  const [isEdited, setEdited] = useState(false)
  const refusal = useRefusal('operator', 'planner')
  if (isEdited) return <RecordForm installation={installation} onDone={() => setEdited(false)} />
  return (
    <>
      <Section
        title="Record"
        actions={
          <Button size="xs" disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setEdited(true)}>
            {installation.record ? 'Change the record' : 'Write the record'}
          </Button>
        }
      >
        <RecordFacts installation={installation} />
      </Section>
      {installation.record && installation.record.sensors.length > 0 && (
        <Section title="Sensors" flush>
          <DataTable
            label="Sensors"
            rows={installation.record.sensors}
            columns={sensorColumns}
            rowKey={(sensor) => `${sensor.feeder} ${sensor.phase} ${sensor.kind}`}
            empty=""
          />
        </Section>
      )}
      <Documents installation={installation} />
      <History hubId={installation.hubId} />
    </>
  )
}

function RecordFacts({ installation: { record, savedAt, savedBy } }: { installation: Installation }) {
  if (!record) return <p className="rm-secondary">Nothing is on record of how this hub was installed.</p>
  const days = Object.entries(installationDays) as [keyof typeof installationDays, string][]
  return (
    <>
      <Facts
        items={[
          ['At', atWords[record.at]],
          ['Place', record.place || 'not stated'],
          ['Battery', batteryWords[record.battery]],
          ['Installer', record.installer || 'not stated'],
          ...days.flatMap(([name, words]) => {
            const day = record[name]
            return day === null ? [] : [[words, dayInWords(day)] as const]
          }),
          ['Notes', record.notes || 'none'],
        ]}
      />
      {savedAt && (
        <p className="rm-secondary">
          Recorded by {savedBy} on {dayAndTime(savedAt)}.
        </p>
      )}
    </>
  )
}

const sensorColumns: Column<InstalledSensor>[] = [
  {
    id: 'feeder',
    header: 'Feeder',
    meta: { align: 'right' },
    accessorFn: (sensor) => sensor.feeder,
    cell: ({ row }) => row.original.feeder,
  },
  { id: 'phase', header: 'Phase', accessorFn: (sensor) => sensor.phase, cell: ({ row }) => row.original.phase },
  {
    id: 'kind',
    header: 'Sensor',
    accessorFn: (sensor) => sensor.kind,
    cell: ({ row }) => sensorWords[row.original.kind],
  },
  {
    id: 'ratio',
    header: 'Ratio',
    accessorFn: (sensor) => sensor.primaryA,
    cell: ({ row: { original } }) => ratioInWords(original),
  },
  {
    id: 'serial',
    header: 'Serial number',
    accessorFn: (sensor) => sensor.serialNumber,
    cell: ({ row }) => row.original.serialNumber || '–',
  },
]

function ratioInWords({ kind, primaryA, secondary }: InstalledSensor): string {
  if (primaryA === null) return '–'
  const given = secondary === null ? '?' : fixed(secondary, 0)
  return `${fixed(primaryA, 0)} A : ${given} ${kind === 'rogowski' ? 'mV' : 'A'}`
}

const versionColumns: Column<InstallationVersion>[] = [
  {
    id: 'version',
    header: 'Version',
    meta: { align: 'right' },
    accessorFn: (one) => one.version,
    cell: ({ row }) => row.original.version,
  },
  {
    id: 'at',
    header: 'Recorded',
    accessorFn: (one) => one.savedAt,
    cell: ({ row }) => dayAndTime(row.original.savedAt),
  },
  { id: 'by', header: 'By', accessorFn: (one) => one.savedBy, cell: ({ row }) => row.original.savedBy },
  {
    id: 'battery',
    header: 'Battery',
    accessorFn: (one) => one.record.battery,
    cell: ({ row }) => batteryWords[row.original.record.battery],
  },
  {
    id: 'sensors',
    header: 'Sensors',
    meta: { align: 'right' },
    accessorFn: (one) => one.record.sensors.length,
    cell: ({ row }) => row.original.record.sensors.length,
  },
  {
    id: 'notes',
    header: 'Notes',
    accessorFn: (one) => one.record.notes,
    cell: ({ row }) => row.original.record.notes || '–',
  },
]

function History({ hubId }: { hubId: string }) {
  const { data } = useQuery(installationVersionsQuery(hubId))
  if (!data || data.length < 2) return null
  return (
    <Section title="Versions" flush>
      <DataTable label="Versions" rows={data} columns={versionColumns} rowKey={(one) => String(one.version)} empty="" />
    </Section>
  )
}
