import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { pointMapName, type StoredPointMap } from '../../../../schemas/grid/hubs.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Page, Section, Stack } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { useUnsavedGuard } from '../../../shared/components/unsaved-guard.ts'
import { count } from '../../../shared/format/power.ts'
import { pointMapQuery, pointMapsQuery } from '../../hub-queries.ts'
import { waitingQuery } from '../../proposal-queries.ts'
import { useRefusal } from '../../session.ts'
import { WaitingFor } from '../proposals/proposal-view.tsx'
import { PointsEditor } from './points/points-editor.tsx'
import { differenceOf } from './points/typed.ts'
import { differenceInWords, reachInWords } from './points/words.ts'

/** One point map: its points, and the form that proposes others. */
export function PointMapPage() {
  const { name } = useParams({ from: '/inside/point-maps/$name' })
  const query = useQuery(pointMapQuery(name))
  const [round, setRound] = useState(0)
  return (
    <Page
      title={`Point map ${name}`}
      subtitle={query.data && `${count(query.data.points.length, 'point')}, used by ${count(query.data.hubs, 'hub')}`}
      actions={<LinkButton to="/point-maps">All point maps</LinkButton>}
    >
      <WaitingFor subjectId={name} operation="savePointMap" />
      <Loaded query={query}>
        {(map) => (
          <Editor
            key={round}
            initial={map}
            name={name}
            onReload={() => void query.refetch().then(() => setRound(round + 1))}
            onDone={() => setRound(round + 1)}
          />
        )}
      </Loaded>
    </Page>
  )
}

/** Makes a point map for a model of hub. */
export function NewPointMap() {
  const [name, setName] = useState('')
  const taken = (useQuery(pointMapsQuery).data ?? []).some((map) => map.name === name)
  const navigate = useNavigate()
  const isWord = pointMapName.safeParse(name).success
  const fault =
    name === '' || isWord
      ? taken && 'There is a map of this name: open it to change it.'
      : 'Use small letters, digits and hyphens, at most 60.'
  return (
    <Page title="New point map" actions={<LinkButton to="/point-maps">All point maps</LinkButton>}>
      <Section>
        <Fields>
          <Field
            label="Name"
            hint="Of the model of hub, such as visnet-hub. It cannot be changed later."
            fault={fault || null}
            value={name}
            onChange={(event) => setName(event.currentTarget.value.trim().toLowerCase())}
          />
        </Fields>
      </Section>
      <Editor
        initial={null}
        name={name}
        fault={isWord && !taken ? null : 'Give the map a name of its own first.'}
        onReload={() => void navigate({ to: '/point-maps/$name', params: { name } })}
        onDone={() => void navigate({ to: '/point-maps' })}
      />
    </Page>
  )
}

interface EditorProps {
  /** The map as it is stored when the form begins; `null` for a new one. */
  initial: StoredPointMap | null
  name: string
  /** What is wrong beside the points; `null` if nothing is. */
  fault?: string | null
  onReload: () => void
  onDone: () => void
}

function Editor({ initial, name, fault = null, onReload, onDone }: EditorProps) {
  const [before, setBefore] = useState(initial)
  const stored = before?.points ?? []
  const [points, setPoints] = useState(stored)
  const refusal = useRefusal('operator')
  const queries = useQueryClient()
  const difference = differenceOf(stored, points)
  const isSame = difference.added + difference.changed + difference.removed === 0
  // A form in which nothing was changed follows what is stored; one that was begun keeps the version that it began with.
  if (isSame && initial && initial.etag !== before?.etag) {
    setBefore(initial)
    setPoints(initial.points)
  }
  const release = useUnsavedGuard(!isSame)
  const propose = useMutation({
    mutationFn: () =>
      api.call(operations.savePointMap, { params: { name }, body: { points }, version: before?.etag ?? null }),
    async onSuccess() {
      release()
      await queries.invalidateQueries({ queryKey: waitingQuery.queryKey })
      onDone()
    },
  })
  const refused = refusal ?? fault ?? (points.length === 0 ? 'A map has at least one point.' : null)
  return (
    <>
      <PointsEditor
        title="Points"
        stored={stored}
        points={points}
        refusal={refusal}
        fileName={`points-of-${name || 'a-new-map'}`}
        empty="There is no point yet. Add one, or take all of them from a file."
        onChange={setPoints}
      />
      {propose.isError && <SaveProblem error={propose.error} fields={[]} onReload={onReload} />}
      {refusal === null && (
        <Section>
          <Stack>
            <p>
              {isSame
                ? 'Nothing is changed yet.'
                : `${differenceInWords(difference)} ${reachInWords(before?.hubs ?? 0)}`}{' '}
              Scales and signs decide on breaches and on payments, so a second person has to approve.
            </p>
            <span>
              <TwoStep
                primary
                label={before ? 'Propose these points' : 'Propose this map'}
                refusal={refused ?? (isSame ? 'No point is changed.' : null)}
                action={propose}
                consequence={`${differenceInWords(difference)} ${reachInWords(before?.hubs ?? 0)} The gateways apply it within a minute of its approval; what is stored already keeps its meaning.`}
              />
            </span>
          </Stack>
        </Section>
      )}
    </>
  )
}
