import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { SavedLayout } from '../../../../../schemas/grid/layouts.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../../shared/components/side-panel.tsx'
import { TwoStep } from '../../../../shared/components/two-step.tsx'
import { count } from '../../../../shared/format/power.ts'
import { dayAndTime } from '../../../../shared/format/time.ts'
import { layoutsQuery } from '../../../grid-queries.ts'
import { useRefusal } from '../../../session.ts'
import { fieldWords, layoutFields } from './draft.ts'

const columns: Column<SavedLayout>[] = [
  {
    id: 'title',
    header: 'Layout',
    meta: { wrap: true },
    accessorFn: ({ title }) => title,
    cell: ({ row }) => row.original.title,
  },
  {
    id: 'name',
    header: 'Short name',
    meta: { from: 'medium' },
    accessorFn: ({ name }) => name,
    cell: ({ row }) => row.original.name,
  },
  {
    id: 'saved',
    header: 'From',
    accessorFn: ({ savedAt }) => savedAt,
    cell: ({ row }) => savedInWords(row.original),
  },
]

function savedInWords({ savedBy, savedAt }: SavedLayout): string {
  return savedBy === null || savedAt === null ? 'comes with the program' : `${savedBy}, ${dayAndTime(savedAt)}`
}

/** The layouts in which network files are read: which there are, what each takes from which column. */
export function Layouts() {
  const query = useQuery(layoutsQuery)
  const { open } = useSearch({ from: '/inside/network-layouts' })
  const navigate = useNavigate({ from: '/network-layouts' })
  const refusal = useRefusal('planner')
  const chosen = query.data?.find(({ name }) => name === open)
  const close = () => void navigate({ search: {} })
  return (
    <Page
      title="Layouts of network files"
      subtitle="How the lists of DNOs say what their nodes are. A file’s layout is known by its headings."
      actions={
        <>
          <LinkButton to="/network-import">Import a network</LinkButton>
          <LinkButton
            to="/new-network-layout"
            variant="filled"
            disabled={refusal !== null}
            title={refusal ?? undefined}
          >
            New layout
          </LinkButton>
        </>
      }
      panel={chosen && <LayoutPanel key={chosen.name} layout={chosen} refusal={refusal} onClose={close} />}
    >
      <Section flush>
        <Loaded query={query}>
          {(layouts) => (
            <DataTable
              label="Layouts"
              rows={layouts}
              columns={columns}
              rowKey={({ name }) => name}
              selectedKey={open}
              onOpen={({ name }) => void navigate({ search: { open: name } })}
              empty="There is no layout."
            />
          )}
        </Loaded>
      </Section>
    </Page>
  )
}

interface LayoutPanelProps {
  layout: SavedLayout
  refusal: string | null
  onClose: () => void
}

function LayoutPanel({ layout, refusal, onClose }: LayoutPanelProps) {
  const isOwn = layout.savedBy !== null
  return (
    <SidePanel title={layout.title} onClose={onClose}>
      <PanelPart>
        <PanelFacts
          items={[
            ['Short name', layout.name],
            ['Source', layout.source || 'not stated'],
            ['From', savedInWords(layout)],
            ['Known by', layout.recognisedBy.join(', ')],
            ['Empty cells', layout.emptyCells === 'clear' ? 'clear what is stored' : 'say nothing'],
          ]}
        />
      </PanelPart>
      {layout.nodes.map((node, i) => (
        <PanelPart
          // biome-ignore lint/suspicious/noArrayIndexKey: the nodes of a row have no identity but their place
          key={i}
          title={layout.nodes.length === 1 ? 'What a row describes' : `Node ${i + 1} of each row`}
        >
          <PanelFacts
            items={layoutFields.flatMap((field) => {
              const cell = node[field]
              return cell ? [[fieldWords[field], cellInWords(cell)] as const] : []
            })}
          />
        </PanelPart>
      ))}
      <PanelPart title="Change">
        <p>
          {isOwn ? (
            <LinkButton
              to="/network-layouts/$name"
              params={{ name: layout.name }}
              disabled={refusal !== null}
              title={refusal ?? undefined}
            >
              Change this layout
            </LinkButton>
          ) : (
            'It comes with the program and stays as it is: make one of your own from it.'
          )}
        </p>
        <p>
          <LinkButton
            to="/new-network-layout"
            search={{ from: layout.name }}
            disabled={refusal !== null}
            title={refusal ?? undefined}
          >
            Make another from it
          </LinkButton>
        </p>
        {isOwn && <Remove layout={layout} refusal={refusal} onDone={onClose} />}
      </PanelPart>
    </SidePanel>
  )
}

type Cell = NonNullable<SavedLayout['nodes'][number]['kind' | 'nodeId' | 'licenceArea']>

/** Where a value is taken from: `RATING, in MVA, the sum`. */
function cellInWords(cell: Cell): string {
  if ('fixed' in cell) return `always ${cell.fixed}`
  const { columns: headings, unit, take, prefix, words } = cell
  const more = [
    headings.join(' or else '),
    ...(unit ? [`in ${unit}`] : []),
    ...(take === 'sum' ? ['the sum'] : take === 'sum-without-largest' ? ['the sum without the largest'] : []),
    ...(prefix ? [`after ${prefix}`] : []),
    ...(words ? [`with ${count(Object.keys(words).length, 'word')} of its own`] : []),
  ]
  return more.join(', ')
}

function Remove({ layout, refusal, onDone }: { layout: SavedLayout; refusal: string | null; onDone: () => void }) {
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => api.call(operations.removeLayout, { params: { name: layout.name } }),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: layoutsQuery.queryKey })
      onDone()
    },
  })
  return (
    <TwoStep
      label="Remove this layout"
      refusal={refusal}
      action={remove}
      consequence={`Files with the headings of “${layout.title}” can no longer be imported. What was imported by it stays.`}
    />
  )
}
