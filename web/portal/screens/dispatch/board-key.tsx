import { instructionState } from '../../../../schemas/dispatch/instructions.ts'
import { Mark } from '../../../shared/components/mark.tsx'
import { instructionWords } from '../../../shared/format/words.ts'
import styles from './board-key.module.css'

/** What the bars and signs of the board mean. */
export function BoardKey() {
  return (
    <div className={styles.key}>
      <span>
        <i className={styles.contracted} /> contracted
      </span>
      <span>
        <i className={styles.asked} /> asked
      </span>
      <span>
        <i className={styles.delivered} /> delivered
      </span>
      <span>
        <i className={styles.short} /> delivered too little
      </span>
      {instructionState.options.map((state) => (
        <Mark key={state} {...instructionWords[state]} />
      ))}
      <Mark word="Not sent" tone="fault" shape="square" />
    </div>
  )
}
