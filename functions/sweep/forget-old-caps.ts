import { capsChanges, changedCaps } from '../../core/caps.ts';
import { lanes, tableName } from '../../core/config.ts';
import { type Lane, lanesIn } from '../../core/lanes.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { rowAt, updateIf } from '../../core/store/table.ts';

/** Changes of caps that a later deployment made void: they are not to count again if it is undone. */
export async function forgetOldCaps(): Promise<void> {
  for (const lane of lanesIn(lanes())) await forgetOldCapsOf(lane);
}

async function forgetOldCapsOf(lane: Lane): Promise<void> {
  const row = await rowAt(keyOf.caps(lane.name));
  if (!row) return;
  const changed = changedCaps.parse(row);
  const old = capsChanges(changed).filter((name) => changed[name]?.insteadOf !== lane[name]);
  for (const name of old) {
    await updateIf({
      TableName: tableName(),
      Key: keyOf.caps(lane.name),
      UpdateExpression: 'REMOVE #name',
      // It may have been changed anew meanwhile.
      ConditionExpression: '#name.insteadOf = :old',
      ExpressionAttributeNames: { '#name': name },
      ExpressionAttributeValues: { ':old': changed[name]?.insteadOf },
    });
  }
}
