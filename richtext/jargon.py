"""Words of the trade that stand in back-pain plans, and what a patient would say. Our own words, for English."""

from collections.abc import Mapping
from types import MappingProxyType

_TERMS = """
abduction: moving out to the side
acute: new, or sudden
adduction: moving in to the middle
adherence: keeping to the plan
adverse effect: unwanted effect
aetiology: cause
aggravating factor: what makes it worse
ambulate: walk
ambulation: walking
anaemia: too little iron or blood
analgesia: pain relief
analgesic: pain medicine
analgesics: pain medicines
antidepressant: medicine for mood or nerve pain
anti-inflammatory: medicine that calms swelling
anxiolytic: calming medicine
arthritis: worn or sore joints
asymptomatic: without trouble
atrophy: loss of muscle
autonomic: what the body does by itself
avoidance behaviour: staying away from what you fear
baseline: where you started
behavioural activation: doing things that matter again, step by step
bilateral: on both sides
biomechanical: to do with how you move
biopsychosocial: body, mind and daily life together
catastrophising: expecting the worst
catastrophizing: expecting the worst
cauda equina: the nerves at the end of the spine
central sensitisation: a nervous system on high alert
central sensitization: a nervous system on high alert
cervical: of the neck
chronic: lasting for months
co-morbidity: another illness
comorbidity: another illness
cognitive behavioural therapy: talking therapy about thoughts and habits
cognitive restructuring: looking at thoughts anew
compliance: keeping to the plan
contraindicated: not safe for you
contraindication: a reason not to do it
coping strategy: way to cope
debridement: cleaning of a wound
deconditioned: out of training
deconditioning: loss of fitness
degenerative: worn with age
dermatome: area of skin of one nerve
differential diagnosis: other possible causes
disc herniation: slipped disc
disc protrusion: bulging disc
discontinue: stop
distal: further away from the middle
dorsiflexion: pulling the foot up
dysfunction: not working as it should
dysthymia: low mood for a long time
electrotherapy: treatment with weak current
epidural: injection beside the spine
ergonomic: set up well for your body
ergonomics: how your place of work is set up
exacerbate: make worse
exacerbation: a worse spell
exposure hierarchy: list of feared steps, from easy to hard
extension: bending backwards
facet joint: small joint of the spine
fear avoidance: staying away from moves you fear
flexion: bending forwards
functional capacity: what you can do
gait: the way you walk
graded activity: doing a little more step by step
graded exposure: practising feared moves in small steps
habituation: getting used to it
hydrotherapy: exercises in warm water
hypertension: high blood pressure
hypnotic: sleeping medicine
hypotension: low blood pressure
idiopathic: without a known cause
immobilisation: keeping still
inflammation: swelling or irritation
insomnia: trouble sleeping
interdisciplinary: of several professions together
intervention: treatment
intramuscular: into the muscle
isometric: tensing without moving
kinesiophobia: fear of moving
kyphosis: rounded upper back
lateral: at the side
lesion: damaged place
lordosis: hollow of the back
lumbar: of the lower back
lumbosacral: of the lower back
macronutrients: protein, fat and starch
maladaptive: not helpful
manual therapy: treatment with the hands
mobilisation: gentle moving of a joint
modality: kind of treatment
monotherapy: one medicine alone
motor control: steering your movements
multidisciplinary: of several professions
multimodal: with several methods
musculoskeletal: of muscles and joints
myofascial: of the muscles
neuropathic: from the nerves
neuropathy: damage to nerves
nociceptive: from the tissue
nociplastic: from a nervous system on alert
non-pharmacological: without medicines
nsaid: anti-swelling pain medicine
oedema: swelling
opioid: strong pain medicine
opioids: strong pain medicines
osteoporosis: thin bones
pacing: sharing out your strength over the day
palpation: feeling with the hands
paraesthesia: tingling
paresthesia: tingling
paresis: weakness
pathology: illness or damage
pharmacotherapy: treatment with medicines
plantarflexion: pushing the foot down
prognosis: what to expect
progressive muscle relaxation: tensing and letting go of muscles
proprioception: sense of where your body is
prophylaxis: prevention
proximal: closer to the middle
psychoeducation: learning how pain and mood work
psychosocial: of mind and daily life
radicular: from a nerve root
radiculopathy: trouble from a nerve root
range of motion: how far you can move
refractory: not helped by treatment
rehabilitation: getting back to your life
reinforce: make stronger
relapse: a worse spell again
rumination: going over it again and again
sciatica: pain down the leg
sedation: drowsiness
sedentary: sitting much
self-efficacy: trust in what you can do
sleep hygiene: good habits for sleep
sleep restriction: a shorter, fixed time in bed
somatic: of the body
spinal stenosis: narrow canal in the spine
spondylolisthesis: a bone of the spine that slid forward
spondylosis: wear of the spine
stabilisation: exercises for a steady back
stimulus control: using the bed for sleep only
stenosis: narrowing
subacute: some weeks old
supine: lying on your back
symptomatology: signs of the illness
tapering: coming off step by step
taper: come off step by step
therapeutic alliance: working well together
thoracic: of the upper back
titrate: adjust step by step
titration: adjusting step by step
tolerance: how much you can take
transcutaneous: through the skin
trigger point: sore spot in a muscle
unilateral: on one side
vertebra: bone of the spine
vertebrae: bones of the spine
withdrawal symptoms: feeling unwell while coming off
"""

BUILT_IN: Mapping[str, str] = MappingProxyType(dict(line.split(": ", 1) for line in _TERMS.strip().splitlines()))
"""Term in small letters → plain words."""

_EVERYDAY = """
OK TV UK US USA EU AM PM ID PC CD DVD SMS DIY BBQ PIN ATM SOS FAQ CV PS PDF USB GPS IT DNA HIV
NO NOT DO AND OR STOP CALL NOW NEVER ALWAYS ONLY IF BUT ALL ANY YOU WE TO IN ON AT UP IS BE GO ONE TWO
"""
EVERYDAY = frozenset(_EVERYDAY.split())
"""Written in capitals, and known by everybody: short forms, and words that are shouted."""

SMALL = {
    "e.g.": "for example",
    "i.e.": "that is",
    "approx.": "about",
    "incl.": "with",
    "resp.": "or",
    "b.i.d.": "twice a day",
    "t.i.d.": "three times a day",
    "q.d.": "once a day",
    "p.r.n.": "when you need it",
    "prn": "when you need it",
    "wk": "week",
    "wks": "weeks",
    "hrs": "hours",
    "mins": "minutes",
    "reps": "times",
    "w/": "with",
    "w/o": "without",
    "s/p": "after",
    "yrs": "years",
    "mg/d": "mg a day",
    "min.": "at least",
    "max.": "at most",
    "appt": "appointment",
}
"""Short forms in small letters → what to write instead."""
