import { Modal, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { connectionsQuery, flexibleUnitsQuery, fspsQuery, hubsQuery, statementsQuery } from '../queries.ts'
import { useOwnCustomer, useOwnFsp } from '../session.ts'
import styles from './search.module.css'
import { type Found, findIn, searchIndex } from './search-index.ts'

/** The field and what it finds, over the screen. */
export function SearchDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal.Root opened={isOpen} onClose={onClose} size={560} yOffset={80} centered={false}>
      <Modal.Overlay />
      <Modal.Content aria-label="Search">
        <Palette onDone={onClose} />
      </Modal.Content>
    </Modal.Root>
  )
}

function Palette({ onDone }: { onDone: () => void }) {
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  // An FSP’s people find what is their own; sites and hubs are the DNO’s.
  const [ownFsp, ownCustomer] = [useOwnFsp(), useOwnCustomer()]
  const enabled = ownFsp === null && ownCustomer === null
  const [connections, hubs, units, fsps, statements] = [
    useQuery({ ...connectionsQuery, enabled }).data,
    useQuery({ ...hubsQuery, enabled }).data,
    useQuery(flexibleUnitsQuery).data,
    useQuery({ ...fspsQuery, enabled }).data,
    useQuery(statementsQuery).data,
  ]
  const index = useMemo(
    () => searchIndex({ connections, hubs, units, fsps, statements }),
    [connections, hubs, units, fsps, statements],
  )
  const found = useMemo(() => findIn(index, text), [index, text])
  const go = (item: Found | undefined) => {
    if (!item) return
    onDone()
    void navigate(item.target)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive((i) => Math.min(i + 1, found.length - 1))
    else if (event.key === 'ArrowUp') setActive((i) => Math.max(i - 1, 0))
    else if (event.key === 'Enter') go(found[active])
    else return
    event.preventDefault()
  }
  return (
    <div className={styles.palette}>
      <TextInput
        data-autofocus
        variant="unstyled"
        size="md"
        className={styles.input ?? ''}
        placeholder={enabled ? 'Site, MPAN, hub, FU, FSP or statement' : 'FU or statement'}
        aria-label="Search"
        role="combobox"
        aria-expanded
        aria-controls="search-results"
        aria-activedescendant={found[active] ? `search-result-${active}` : undefined}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setActive(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div id="search-results" role="listbox" aria-label="Results" className={styles.results}>
        {found.map((item, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys for its list
          <div
            key={`${item.kind} ${item.id}`}
            id={`search-result-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === active}
            className={styles.result}
            onClick={() => go(item)}
            onPointerMove={() => setActive(i)}
          >
            <span>{item.name}</span>
            <span className={styles.detail}>{item.detail}</span>
            <span className={styles.kind}>{item.kind}</span>
          </div>
        ))}
        {text.trim() !== '' && found.length === 0 && <div className={styles.none}>No result for “{text}”.</div>}
      </div>
    </div>
  )
}
