import { Funnel } from '../funnel.tsx'
import { longNames, open } from './data.ts'

export function funnel() {
  return (
    <>
      <Funnel
        title="Who entered"
        sentence={
          <>
            Of <b>41,200</b> buyers <b>18,930</b> are analysed.
          </>
        }
        claim="counted"
        steps={[
          {
            id: 'bought',
            name: 'bought in these two years',
            n: 41_200,
            left: [
              { id: 'recent', name: 'bought too recently to know whether they come back', n: 14_210 },
              { id: 'test', name: 'orders of our own people', n: 31 },
            ],
          },
          {
            id: 'followed',
            name: 'could be followed for a year',
            n: 26_959,
            left: [{ id: 'silent', name: 'no touchpoint of theirs is on the map', n: 7200 }],
          },
          { id: 'analysed', name: 'are analysed', n: 18_930 },
        ]}
        onOpen={open}
      />
      <Funnel
        title="Long reasons, huge numbers, nobody left"
        claim="counted"
        steps={[
          {
            id: 'all',
            name: longNames[1] ?? '',
            n: 4_123_456_789,
            left: longNames.map((name, index) => ({
              id: String(index),
              name,
              n: index === 0 ? 0 : 700_000_000,
            })),
          },
          { id: 'none', name: 'remain', n: 0 },
        ]}
      />
      <Funnel title="One step" claim="counted" steps={[{ id: 'all', name: 'customers', n: 1 }]} />
      <Funnel title="Nobody" claim="counted" steps={[{ id: 'all', name: 'customers', n: 0 }]} />
    </>
  )
}
