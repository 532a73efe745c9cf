"""Common words that are spelt right, so that none of them is taken for a slip of another."""

COMMON = """
about above across after again against ago air alone along always animal answer arrive arm aunt
away baby
bad ball bank beach bear beat bed beer before begin behind believe below best better between bird
bite black blood blue board boat body book born both bottle bottom box boy bread break breakfast
bridge bring brown burger burn business busy cake card care carry castle catch chair change cheap
cheese chicken child choose church class clean clear climb clock close cloth cloud coffee color
cook corner count course cross crowd cry cut cute dance dark date daughter deep degree desert
dinner dirty door dream dress drive drone drop dry each ear early earth easy egg empty enjoy enough
enter evening every eye face fact fall family famous fan far farm fast father favorite feel feet few
fight fill fine finger fire fish fix flag flat floor flower fly follow foot foreign forest forget
free fresh front fruit full fun funny game garden gate gift girl glad glass gold good grass green
ground grow guide guitar hair half hand happy hard hat hate head hear heart heavy help hide high
hike hill hit home hope horse hospital hour house hungry ice idea island join joke jump keep key
kill kind king kiss kitchen lake land late laugh law leave left leg less letter life light line lion
list listen live lock lonely long lose lost lot low luck lunch lucky machine map market match meat
meet middle mind miss mistake mode monkey month moon more morning most mother mountain mouth move
movie museum music neck need never news next night noise north nose note number ocean office oil
old only open orange order paint pants paper parent park part party pass past path phone piano pick
picture piece pink pizza plan plane plant plastic point police pool poor power pray present press
price prison problem promise public pull push queen question quiet quite race radio rate read ready
real reason red rest rice rich ride right ring rise river road rock roof room rule run sad safe
sail salt sand save school sea season seat second sell send serve seven shape share sheep ship shop
short shoulder shout shower sick sign sing sister sit size skin sky sleep slow small smell smile
smoke snake snow soap soft soldier son soon sorry soul soup south space speak spell spend spoon
spring square stair stand star station stay steal step stick stone store storm story street strong
study sugar summer sun sure sweet swim table talk tall taste tea teach team temple tent test thick
thin third throw ticket tie tiger tight tip tired toe together tomorrow tongue tonight tooth top
touch tower town toy traffic train travel tree trip trouble truck true trust truth turn twin ugly
under uncle until use valley view village visit voice wait wake walk wall want war warm wash waste
watch water wave wear weather week weight west wet wheel white whole wild wind window wine winter
wish wolf woman wonder wood word work world worry worst write wrong year yellow yesterday young zoo
spain france germany italy japan korea china brazil mexico canada england london paris tokyo berlin
madrid rome america india thailand vietnam taiwan turkey greece poland house might sight
"""
"""Words that are spelt right: not taken for a slip of another one."""
