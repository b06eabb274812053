/** Two circles, before and after the sale, overlapping at the sale. */
export function Mark() {
  return (
    <svg width="30" height="20" viewBox="0 0 30 20" fill="none" strokeWidth="2.2" aria-hidden="true">
      <circle cx="11" cy="10" r="8" stroke="var(--before)" />
      <circle cx="19" cy="10" r="8" stroke="var(--after)" />
    </svg>
  )
}
