import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { operations } from '../../../../../schemas/operations.ts'
import { type DemandEdition, type EditionKind, editionKind } from '../../../../../schemas/planning/demand-editions.ts'
import { addressOf } from '../../../../shared/api/client.ts'
import { uploading } from '../../../../shared/api/upload.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { FileUpload, Flaws } from '../../../../shared/components/file-upload.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Facts, Page, Section, Stack } from '../../../../shared/components/page.tsx'
import { count } from '../../../../shared/format/power.ts'
import { useRefusal } from '../../../session.ts'
import { flawsOf } from '../../loads/flaws.ts'
import { editionKindWords } from '../words.ts'
import { hasShapes, hasTimes, kindInWords, summaryFacts } from './edition-words.ts'
import { Findings, findingsTitle } from './findings.tsx'

/** What a planner states of a file that does not say it itself. */
interface Stated {
  name: string
  columns: string
  zone: '' | 'UTC' | 'Europe/London'
  coordinates: 'EPSG:27700' | 'EPSG:4326'
}

/** Imports a file of EV demand as a new edition: checked first, then stored as a whole or not at all. */
export function ImportEdition() {
  const { kind = 'areas' } = useSearch({ from: '/inside/planning/import' })
  const refusal = useRefusal('planner')
  const [file, setFile] = useState<File | null>(null)
  const [stated, setStated] = useState<Stated>({ name: '', columns: '', zone: '', coordinates: 'EPSG:27700' })
  const { upload, sent } = useUpload(kind, stated, file)
  const outcome = upload.data
  const flaws = flawsOf(upload.error)
  return (
    <Page
      title="Import a file of EV demand"
      actions={
        <LinkButton to="/planning/editions" search={{ kind }}>
          All editions
        </LinkButton>
      }
    >
      <Section>
        <Stack>
          <StatedFields
            kind={kind}
            stated={stated}
            onChange={(changed) => {
              setStated(changed)
              // What was checked was checked under other statements.
              upload.reset()
            }}
            onKind={upload.reset}
          />
          <FileUpload
            label="File of EV demand"
            file={file}
            onFile={(chosen) => {
              setFile(chosen)
              if (chosen && stated.name === '') setStated({ ...stated, name: chosen.name.replace(/\.csv$/i, '') })
              upload.reset()
            }}
            refusal={refusal}
            isPending={upload.isPending}
            upload={(dryRun) => upload.mutate(dryRun)}
            checked={outcome && outcome.edition === null ? count(outcome.rows, 'row') : null}
            {...(upload.isPending ? { sent } : {})}
          />
        </Stack>
      </Section>
      {upload.isError && !flaws && <ProblemNotice error={upload.error} />}
      {flaws && <Flaws flaws={flaws} flawCount={flaws.length} />}
      {outcome && <Outcome {...outcome} />}
    </Page>
  )
}

/** Checks or stores the file, and tells how much of it is sent. */
function useUpload(kind: EditionKind, stated: Stated, file: File | null) {
  const queries = useQueryClient()
  const [sent, setSent] = useState(0)
  const upload = useMutation({
    mutationFn: (dryRun: boolean) => {
      setSent(0)
      const { zone, name, columns, coordinates } = stated
      const query = {
        dryRun: dryRun ? ('true' as const) : ('false' as const),
        columns,
        coordinates,
        ...(name.trim() === '' ? {} : { name: name.trim() }),
        ...(zone === '' ? {} : { zone }),
      }
      return uploading(setSent).call(operations.importDemandEdition, {
        params: { kind },
        query,
        body: file ?? new Blob(),
      })
    },
    onSuccess: ({ edition }) => {
      if (edition) void queries.invalidateQueries({ queryKey: ['demand-editions'] })
    },
  })
  return { upload, sent }
}

interface StatedFieldsProps {
  kind: EditionKind
  stated: Stated
  onChange: (stated: Stated) => void
  onKind: () => void
}

function StatedFields({ kind, stated, onChange, onKind }: StatedFieldsProps) {
  const navigate = useNavigate({ from: '/planning/import' })
  const set = (change: Partial<Stated>) => onChange({ ...stated, ...change })
  return (
    <>
      <Fields>
        <Choice
          label="Kind"
          hint={kindInWords[kind]}
          value={kind}
          onChange={({ currentTarget: { value } }) => {
            onKind()
            void navigate({ search: { kind: editionKind.safeParse(value).data }, replace: true })
          }}
        >
          {editionKind.options.map((each) => (
            <option key={each} value={each}>
              {editionKindWords[each]}
            </option>
          ))}
        </Choice>
        <Field
          label="Name"
          hint="Under which runs list it; the name of the file unless you choose another."
          maxLength={200}
          value={stated.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Field
          label="Other headings"
          placeholder="code=LSOA21CD,borough=District"
          hint="Only where the file names its columns otherwise than the template and known layouts do."
          maxLength={2_000}
          value={stated.columns}
          onChange={(event) => set({ columns: event.currentTarget.value })}
        />
        {hasTimes(kind) && (
          <Choice
            label="Times without an offset"
            hint="Times such as 2026-01-15T17:00:00Z have an offset and need nothing here."
            value={stated.zone}
            onChange={({ currentTarget: { value } }) =>
              set({ zone: value === 'UTC' || value === 'Europe/London' ? value : '' })
            }
          >
            <option value="">are errors</option>
            <option value="UTC">are UTC</option>
            <option value="Europe/London">are local time, Europe/London</option>
          </Choice>
        )}
        {hasShapes(kind) && (
          <Choice
            label="Coordinates of shapes"
            value={stated.coordinates}
            onChange={({ currentTarget: { value } }) =>
              set({ coordinates: value === 'EPSG:4326' ? 'EPSG:4326' : 'EPSG:27700' })
            }
          >
            <option value="EPSG:27700">British National Grid (EPSG:27700)</option>
            <option value="EPSG:4326">WGS84, longitude first (EPSG:4326)</option>
          </Choice>
        )}
      </Fields>
      <span>
        <Button component="a" href={addressOf(operations.exportEditionTemplate, { params: { kind } })} download>
          Download a template
        </Button>
      </span>
    </>
  )
}

interface OutcomeProps {
  rows: number
  edition: DemandEdition | null
  findings: Pick<DemandEdition, 'summary' | 'anomalies' | 'anomalyCount'>
}

function Outcome({ rows, edition, findings }: OutcomeProps) {
  return (
    <>
      <Notice title={`${count(rows, 'row')} ${edition ? 'imported' : 'checked without errors'}`}>
        {edition ? (
          <>
            <Link to="/planning/editions" search={{ edition: edition.editionId }}>
              {edition.name}
            </Link>{' '}
            can be used by runs from now on.
          </>
        ) : (
          'Nothing is stored yet.'
        )}
      </Notice>
      <Section title="What is in it">
        <Facts items={summaryFacts(findings.summary)} />
      </Section>
      {findings.anomalyCount > 0 && (
        <Section title={findingsTitle(findings)} flush>
          <Findings anomalies={findings.anomalies} />
        </Section>
      )}
    </>
  )
}
