import { expiriesMoveAlong } from './parts/expiry.ts';
import { clustersHaveTheirWorth, leasesAreInspected } from './parts/leases.ts';
import { lateClustersAreRemoved } from './parts/removal.ts';
import { renamesHideNothing } from './parts/renames.ts';
import { everyFaultIn } from './parts/rows.ts';
import { contract } from './suite.ts';

contract(
  leasesAreInspected,
  clustersHaveTheirWorth,
  expiriesMoveAlong,
  lateClustersAreRemoved,
  renamesHideNothing,
  everyFaultIn('lease'),
);
