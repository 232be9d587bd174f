import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type DemandEdition, editionKind } from '../../../../../schemas/planning/demand-editions.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Age } from '../../../../shared/components/measured.tsx'
import { Notice } from '../../../../shared/components/notice.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { count, fixed } from '../../../../shared/format/power.ts'
import { demandEditionsQuery } from '../../../planning-queries.ts'
import { useRefusal } from '../../../session.ts'
import styles from '../planning.module.css'
import { PlanningTabs } from '../tabs.tsx'
import { editionKindWords, madeUp } from '../words.ts'
import { EditionPanel } from './edition-panel.tsx'

const columns: Column<DemandEdition>[] = [
  {
    id: 'name',
    header: 'Edition',
    accessorFn: (edition) => edition.name,
    cell: ({ row: { original } }) => (
      <span className={styles.nameAndMark}>
        {original.name}
        {original.isSynthetic && <Mark {...madeUp} />}
      </span>
    ),
  },
  {
    id: 'kind',
    header: 'Kind',
    accessorFn: (edition) => editionKindWords[edition.kind],
    cell: ({ row }) => editionKindWords[row.original.kind],
  },
  {
    id: 'rows',
    header: 'Rows',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (edition) => edition.rows,
    cell: ({ row: { original } }) => (original.rowsRemovedAt === null ? fixed(original.rows, 0) : 'removed'),
  },
  {
    id: 'findings',
    header: 'Findings',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (edition) => edition.anomalyCount,
    cell: ({ row: { original } }) => (original.anomalyCount === 0 ? '–' : fixed(original.anomalyCount, 0)),
  },
  {
    id: 'by',
    header: 'By',
    meta: { from: 'wide' },
    accessorFn: (edition) => edition.importedBy,
    cell: ({ row }) => row.original.importedBy,
  },
  {
    id: 'age',
    header: 'Age',
    meta: { align: 'right' },
    accessorFn: (edition) => -Date.parse(edition.importedAt),
    cell: ({ row }) => <Age at={row.original.importedAt} />,
  },
]

/** The files that EV demand is worked out from, as they were imported: none ever changes. */
export function Editions() {
  const { kind, edition } = useSearch({ from: '/inside/planning/editions' })
  const navigate = useNavigate({ from: '/planning/editions' })
  const refusal = useRefusal('planner')
  const query = useQuery({ ...demandEditionsQuery(kind), enabled: refusal === null })
  const close = () => void navigate({ search: (s) => ({ ...s, edition: undefined }) })
  return (
    <Page
      title="Planning"
      subtitle={query.data && count(query.data.length, 'edition')}
      actions={
        <>
          <LinkButton to="/planning/made-up-trips" disabled={refusal !== null} title={refusal ?? undefined}>
            Make up trips
          </LinkButton>
          <LinkButton
            to="/planning/import"
            search={kind ? { kind } : {}}
            variant="filled"
            disabled={refusal !== null}
            title={refusal ?? undefined}
          >
            Import a file
          </LinkButton>
        </>
      }
      panel={edition !== undefined && refusal === null && <EditionPanel key={edition} id={edition} onClose={close} />}
    >
      <PlanningTabs />
      {refusal !== null && <Notice>{refusal}</Notice>}
      {refusal === null && (
        <Section title="Editions" actions={<KindFilter />} flush>
          <Loaded query={query}>
            {(editions) => (
              <DataTable
                label="Editions"
                rows={editions}
                columns={columns}
                rowKey={(each) => each.editionId}
                selectedKey={edition}
                onOpen={({ editionId }) => void navigate({ search: (s) => ({ ...s, edition: editionId }) })}
                empty={kind ? 'There is no edition of this kind.' : 'No file has been imported yet.'}
              />
            )}
          </Loaded>
        </Section>
      )}
    </Page>
  )
}

function KindFilter() {
  const { kind } = useSearch({ from: '/inside/planning/editions' })
  const navigate = useNavigate({ from: '/planning/editions' })
  return (
    <select
      className="rm-select"
      aria-label="Kind"
      value={kind ?? ''}
      onChange={({ currentTarget: { value } }) =>
        void navigate({ search: { kind: editionKind.safeParse(value).data }, replace: true })
      }
    >
      <option value="">Every kind</option>
      {editionKind.options.map((each) => (
        <option key={each} value={each}>
          {editionKindWords[each]}
        </option>
      ))}
    </select>
  )
}
