#!/bin/sh
# Prints the table COMMON of src/score/terms.rs: stems by their share of sentences, half from rubrics and half from the training part of the short answers
python3 - <<'P' > /tmp/spoken.txt
import sys; sys.path.insert(0,'scripts/scoring'); import data, re
for q in data.bank().values():
    print(q['text'])
    for o in q.get('outline',[]): print(o)
    for c in q['criteria']:
        print(c['point']); print(c['follow_up'])
for l in open('scripts/scoring/background.txt'): print(l.strip())
P
python3 - <<'P' > /tmp/written.txt
import sys; sys.path.insert(0,'scripts/scoring'); import data
for corpus in ('sciEntsBank','beetle'):
    for q,refs,answers in data.short('train',corpus).values():
        for _,_,t in answers: print(t)
P
./target/release/examples/commons < /tmp/spoken.txt > /tmp/s.txt
./target/release/examples/commons < /tmp/written.txt > /tmp/w.txt
python3 - <<'P' # to stand in src/score/terms.rs
r=lambda f:{l.split()[0]:float(l.split()[1]) for l in open(f)}
s,w=r('/tmp/s.txt'),r('/tmp/w.txt')
m={k:(s.get(k,0)+w.get(k,0))/2 for k in set(s)|set(w)}
top=sorted((k for k in m if m[k]>=4 and k.isascii()), key=lambda k:-m[k])
print('/// Common stems with their share of sentences in thousandths, sorted. Counted in the rubrics and in the training part of SemEval-2013 Task 7,')
print('/// half and half, by `scripts/scoring/commons.sh`.')
print('#[rustfmt::skip]\nconst COMMON: &[(&str, u16)] = &[')
import textwrap
print('\n'.join(textwrap.wrap(' '.join(f'("{k}", {max(1,round(m[k]))}),'.replace(' ','~') for k in sorted(top)),140,initial_indent='    ',subsequent_indent='    ')).replace('~',' '))
print('];')
P
