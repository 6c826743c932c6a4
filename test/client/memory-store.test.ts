import { memoryStore } from '../../client/memory-store.ts';
import { clientStoreContract } from '../contracts/client-store.contract.ts';

clientStoreContract('in memory', () => {
  const store = memoryStore();
  return { open: () => store };
});
